// Reads the finished properties files of a dump (see tests/formats/main.rs) as java.util.Properties does, from a
// stream (Latin-1) and from a reader (UTF-8), and compares.

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class Properties {
    static final Pattern LEAF = Pattern.compile("\\[\\[\"([^\"]*)\"\\],\\{\"text\":\"([^\"]*)\"\\}\\]");
    static final Pattern TEXT = Pattern.compile("^\\{\"text\":\"([^\"]*)\"");

    static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    static String string(String base64) {
        return new String(bytes(base64), StandardCharsets.UTF_8);
    }

    public static void main(String[] arguments) throws Exception {
        int cases = 0, broken = 0;
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            cases++;
            Matcher text = TEXT.matcher(line);
            if (!text.find()) throw new Exception("no text");
            byte[] file = bytes(text.group(1));
            Map<Object, Object> expected = new HashMap<>();
            Matcher leaf = LEAF.matcher(line);
            while (leaf.find()) expected.put(string(leaf.group(1)), string(leaf.group(2)));
            java.util.Properties stream = new java.util.Properties(), reader = new java.util.Properties();
            stream.load(new ByteArrayInputStream(file));
            reader.load(new InputStreamReader(new ByteArrayInputStream(file), StandardCharsets.UTF_8));
            if (!stream.equals(expected) || !reader.equals(expected)) {
                broken++;
                System.out.println("properties: broken:\n" + new String(file, StandardCharsets.UTF_8));
            }
        }
        System.out.println("properties: " + cases + " files read by Java, " + broken + " broken");
        System.exit(broken > 0 ? 1 : 0);
    }
}
