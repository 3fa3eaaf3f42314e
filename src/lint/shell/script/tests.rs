use super::{FaultKind, Joined, Part, Script};

fn names(text: &str) -> Vec<String> {
    let script = Script::parse(text);
    assert_eq!(script.fault, None, "{text}");
    script.commands.iter().map(|command| command.name().unwrap_or("?").to_owned()).collect()
}

fn fault(text: &str) -> (String, FaultKind) {
    let fault = Script::parse(text).fault.unwrap_or_else(|| panic!("{text} parses"));
    (text[fault.at].to_owned(), fault.kind)
}

fn bashisms(text: &str) -> Vec<&'static str> {
    let script = Script::parse(text);
    assert_eq!(script.fault, None, "{text}");
    script.bashisms.iter().map(|it| it.what).collect()
}

#[test]
fn scripts_are_read_to_their_commands() {
    assert_eq!(names("set -e\nls -l | sort && echo 'a b' > out 2>&1 &\nwait"), ["set", "ls", "sort", "echo", "wait"]);
    assert_eq!(names("if [ -f a ]; then cat a; elif b; then c; else d; fi"), ["[", "cat", "b", "c", "d"]);
    assert_eq!(
        names("for f in *.sql; do psql -f \"$f\"; done\nwhile read -r l\ndo echo \"$l\"\ndone < list"),
        ["psql", "read", "echo"]
    );
    assert_eq!(names("case $1 in a|b) x ;; (c) y;; *) z\nesac; end"), ["x", "y", "z", "end"]);
    assert_eq!(names("f() { g; }\n( cd /x && h )\n{ i; j; }"), ["g", "cd", "h", "i", "j"]);
    assert_eq!(names("x=$(date +%s) y=`id` z=$((1 + (2 * 3))) ${x:-a} \"$(a \"$(b)\")\""), ["date", "b", "a", "?"]);
    assert_eq!(names("cat <<EOF | wc -l\nif this is no code (\nEOF\necho 'ok'"), ["cat", "wc", "echo"]);
    assert_eq!(names("cat <<-'END'\n\t$(x\n\tEND\n"), ["cat"]);
    assert_eq!(names("echo {{name}} '{{a}}' {{{{ # a ' comment\n! true"), ["echo", "true"]);
    assert_eq!(names("curl -H \"X: {\\\"a\\\": 1}\" http://app:8000/${ID}?a=1\\&b"), ["curl"]);
    assert_eq!(names(""), [""; 0]);
    assert_eq!(names("a \\\n  b\n"), ["a"]);
    assert_eq!(names("if true; then\n  echo a # then\nfi >out"), ["true", "echo"]);
    assert_eq!(names("x=1; y= ; echo fi done if"), ["?", "?", "echo"]);
}

#[test]
fn what_does_not_parse_is_told_where_it_begins() {
    assert_eq!(fault("echo 'a\nb"), ("'".into(), FaultKind::Unclosed("'")));
    assert_eq!(fault("echo \"a $(b"), ("$(".into(), FaultKind::Unclosed(")")));
    assert_eq!(fault("echo \"a"), ("\"".into(), FaultKind::Unclosed("\"")));
    assert_eq!(fault("echo ${a"), ("${".into(), FaultKind::Unclosed("}")));
    assert_eq!(fault("echo `a"), ("`".into(), FaultKind::Unclosed("`")));
    assert_eq!(fault("( a; b"), ("(".into(), FaultKind::Unclosed(")")));
    assert_eq!(fault("if a; then b"), ("if".into(), FaultKind::Missing("fi", 0..2)));
    assert_eq!(fault("if a; b; fi"), ("fi".into(), FaultKind::Missing("then", 0..2)));
    assert_eq!(fault("for i in a b; echo; done"), ("echo".into(), FaultKind::Missing("do", 0..3)));
    assert_eq!(fault("a; then b; fi"), ("then".into(), FaultKind::Unexpected("then".into())));
    assert_eq!(fault("a | | b"), ("|".into(), FaultKind::Unexpected("|".into())));
    assert_eq!(fault("a &&"), ("&&".into(), FaultKind::Nothing("&&")));
    assert_eq!(fault("a |"), ("|".into(), FaultKind::Nothing("|")));
    assert_eq!(fault("a >"), (">".into(), FaultKind::Nothing(">")));
    assert_eq!(fault("cat <<EOF\na\n"), ("EOF".into(), FaultKind::Heredoc("EOF".into())));
    assert_eq!(fault("a )"), (")".into(), FaultKind::Unexpected(")".into())));
    assert_eq!(fault("case a in b) c"), ("case".into(), FaultKind::Missing("esac", 0..4)));
    assert_eq!(fault("; a"), (";".into(), FaultKind::Unexpected(";".into())));
    assert_eq!(fault(&"( ".repeat(100)).1, FaultKind::TooDeep);
    assert_eq!(fault(&"$(".repeat(100_000)).1, FaultKind::TooDeep);
}

#[test]
fn what_only_bash_has_is_told() {
    assert_eq!(
        bashisms("[[ a == b && c < d ]]; (( i++ )); x=(a b); echo {1..3}"),
        ["`[[ … ]]`", "`((…))`", "an array", "brace expansion"]
    );
    assert_eq!(
        bashisms("a <<< b; c &> d; e |& f; function g { h; }; diff <(a) <(b)"),
        ["`<<<`", "`&>`", "`|&`", "`function`", "process substitution", "process substitution"]
    );
    assert_eq!(
        bashisms("echo ${x^^} ${x/a/b} ${x:1:2} ${a[0]} $'a'"),
        ["this expansion", "this expansion", "this expansion", "this expansion", "`$'…'`"]
    );
    assert_eq!(bashisms("echo ${x:-a} ${x#*/} ${x%%.*} ${#x} $((1+1)) a==b {a,b} {{x..y}}"), [""; 0]);
}

#[test]
fn commands_know_how_they_are_joined() {
    let script = Script::parse("a | b || true; (c) & if d; then ! e; fi; x=$(f)");
    let joined: Vec<_> =
        script.commands.iter().map(|it| (it.name().unwrap_or("?"), it.joined, it.is_condition, it.is_nested)).collect();
    assert_eq!(
        joined,
        [
            ("a", Joined::Pipe, false, false),
            ("b", Joined::Or, false, false),
            ("true", Joined::End, false, false),
            ("c", Joined::Background, false, true),
            ("d", Joined::End, true, false),
            ("e", Joined::End, true, false),
            ("f", Joined::End, false, true),
            ("?", Joined::End, false, false),
        ]
    );
}

#[test]
fn words_know_what_is_quoted() {
    let script = Script::parse("rm -rf $DIR/* \"$A\" {{x}} '{{y}}' \"a$(b)c\"");
    let words = script.commands.last().expect("rm is there").arguments();
    assert!(matches!(&words[1].parts[0], Part::Variable { name, quoted: false, .. } if name == "DIR"));
    assert!(words[2].parts.iter().any(|part| matches!(part, Part::Variable { name, quoted: true, .. } if name == "A")));
    assert!(matches!(&words[3].parts[..], [Part::Hole { quoted: false, .. }]));
    assert!(matches!(&words[4].parts[..], [Part::Hole { quoted: true, .. }]));
    assert_eq!(words[5].known(), "ac");
}
