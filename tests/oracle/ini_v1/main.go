// Reads the values of finished INI files of a dump (see tests/formats/main.rs) with gopkg.in/ini.v1, which Grafana and
// Gitea use, and compares. It cuts text in double quotes at '#' and ';', so that such values are passed over.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"

	"gopkg.in/ini.v1"
)

var line = regexp.MustCompile(`^(k[^ =:]*) ?[=:] ?(.*)$`)

// What is to be read where raw stands behind the sign; false where Go is known to differ.
func said(raw string) (string, bool) {
	if !strings.HasPrefix(raw, "`") {
		raw = strings.TrimSuffix(raw, " ; a note")
		if strings.ContainsAny(raw, "#;") {
			return "", false
		}
	}
	if len(raw) > 1 && strings.ContainsRune("\"'`", rune(raw[0])) && raw[0] == raw[len(raw)-1] {
		raw = raw[1 : len(raw)-1]
	}
	return raw, true
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<26)
	cases, broken := 0, 0
	for scanner.Scan() {
		var one struct{ Text []byte }
		if err := json.Unmarshal(scanner.Bytes(), &one); err != nil {
			panic(err)
		}
		read, err := ini.Load(one.Text)
		cases++
		for _, text := range strings.Split(string(one.Text), "\n") {
			found := line.FindStringSubmatch(text)
			if found == nil {
				continue
			}
			expected, known := said(found[2])
			if known && (err != nil || read.Section("s").Key(found[1]).String() != expected) {
				broken++
				fmt.Printf("ini.v1: broken: %v\n%s\n", err, one.Text)
				break
			}
		}
	}
	fmt.Printf("ini: %d files read by ini.v1, %d broken\n", cases, broken)
	if broken > 0 {
		os.Exit(1)
	}
}
