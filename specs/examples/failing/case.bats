@test "addition" {
    [ "$((1 + 1))" -eq 2 ]
}

@test "the answer" {
    answer=$((6 * 9))
    echo "the answer is $answer"
    [ "$answer" -eq 42 ]
}
