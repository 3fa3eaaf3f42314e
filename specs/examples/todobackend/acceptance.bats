#!/usr/bin/env bats
# Acceptance tests of a running todobackend, as a client sees it: $APP_URL is where it answers.

setup() {
    url=${APP_URL:-http://localhost:8000}
    request DELETE "$url/todos"
}

# request METHOD URL [JSON]: sets $status to the status code, $headers and $body to files.
request() {
    local options=()
    headers=$BATS_TEST_TMPDIR/headers body=$BATS_TEST_TMPDIR/body
    if [ -n "${3:-}" ]; then options+=(-H "Content-Type: application/json" -d "$3"); fi
    status=$(curl -sS -X "$1" -o "$body" -D "$headers" -w '%{http_code}' "${options[@]}" "$2")
}

header() { tr -d '\r' <"$headers" | sed -n "s/^$1: //Ip"; }
field() { jq -r "$1" "$body"; }

# equal WHAT ACTUAL EXPECTED: says both on failure.
equal() {
    [ "$2" = "$3" ] || {
        echo "$1 is '$2', not '$3'"
        return 1
    }
}

@test "the root answers" {
    status=$(curl -sS -o /dev/null -w '%{http_code}' "$url/")
    equal status "$status" 200
    status=$(curl -sS -o /dev/null -w '%{http_code}' --head "$url/")
    equal "status of HEAD" "$status" 200
}

@test "the list is empty at first" {
    request GET "$url/todos"
    equal status "$status" 200
    equal "length of the list" "$(field length)" 0
}

@test "an item can be created" {
    request POST "$url/todos" '{"title": "Wash the car", "order": 1}'
    equal status "$status" 201
    item=$(header Location)
    request GET "$item"
    equal status "$status" 200
    equal title "$(field .title)" "Wash the car"
    equal completed "$(field .completed)" false
}

@test "an item can be completed" {
    request POST "$url/todos" '{"title": "Wash the car"}'
    request PATCH "$(header Location)" '{"completed": true}'
    equal status "$status" 200
    request GET "$url/todos"
    equal completed "$(field '.[0].completed')" true
}

@test "an item can be deleted" {
    request POST "$url/todos" '{"title": "Wash the car"}'
    item=$(header Location)
    request DELETE "$item"
    equal status "$status" 204
    request GET "$item"
    equal status "$status" 404
}
