check "the secret and its owner" '[ "$(access /run/agenix/one)" = app:app:400 ]'
check "a script that depends on agenix sees the owner" '[ "$(cat /run/seen-after)" = app ]'
check "the template" '[ "$(cat /run/agenix/rendered/a)" = "agenix one" ]'
check "again" '"$ACTIVATE" > /dev/null && [ "$(access /run/agenix/one)" = app:app:400 ]'
