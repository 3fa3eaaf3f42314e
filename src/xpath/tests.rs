//! What expressions give of a document, by the recommendation.

use super::{Expression, Tree, Value};

const SHOP: &str = r#"<?xml version="1.0"?>
<!-- a shop -->
<shop xmlns="urn:shop" xmlns:x="urn:x" xml:lang="en-GB">
  <item id="a" price="3"><title>Tea</title><x:note>loose</x:note></item>
  <item id="b" price="10"><title>Pot of  tea</title></item>
  <item id="c" price="7.5"><title>Cup</title><?print twice?></item>
</shop>"#;

fn of(text: &str, path: &str) -> Result<Value, String> {
    let tree = Tree::read_xml(text)?;
    Expression::parse(path).map_err(|error| error.to_string())?.evaluate(&tree)
}

/// What it gives, as text; nodes one after the other.
#[track_caller]
fn gives(path: &str, wanted: &str) {
    let tree = Tree::read_xml(SHOP).expect("it is XML");
    let expression = Expression::parse(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let given = match expression.evaluate(&tree).unwrap_or_else(|error| panic!("{path}: {error}")) {
        Value::Nodes(nodes) => nodes.into_iter().map(|node| tree.text(node)).collect::<Vec<_>>().join("|"),
        value => value.text(&tree),
    };
    assert_eq!(given, wanted, "{path}");
}

#[test]
fn steps_go_along_all_axes() {
    gives("/shop/item/title", "Tea|Pot of  tea|Cup");
    gives("//title", "Tea|Pot of  tea|Cup");
    gives("shop//title", "Tea|Pot of  tea|Cup");
    gives("/shop/item[2]/@id", "b");
    gives("//item/@*", "a|3|b|10|c|7.5");
    gives("//title/../@id", "a|b|c");
    gives("//title/parent::item/attribute::id", "a|b|c");
    gives("//title[. = 'Cup']/ancestor::*/@id", "c");
    gives("count(//title/ancestor-or-self::node())", "8");
    gives("//item[@id='b']/following-sibling::item/@id", "c");
    gives("//item[@id='c']/preceding-sibling::item[1]/@id", "b");
    gives("//item[@id='a']/following::title", "Pot of  tea|Cup");
    gives("//item[@id='c']/preceding::title", "Tea|Pot of  tea");
    gives("//@id[. = 'a']/following::title", "Tea|Pot of  tea|Cup");
    gives("//item[@id='c']/descendant::node()", "Cup|Cup|twice");
    gives("//item[1]/descendant-or-self::item/@price", "3");
    gives("//self::title", "Tea|Pot of  tea|Cup");
    gives("(//title | //@id)[1]", "a");
    gives("(//item | //@id)//self::node()[name() = 'id']", "a|b|c");
}

#[test]
fn nodes_are_tested_by_kind_and_name() {
    gives("//comment()", " a shop ");
    gives("//processing-instruction()", "twice");
    gives("//processing-instruction('print')", "twice");
    gives("//processing-instruction('other')", "");
    gives("//item[1]//text()", "Tea|loose");
    gives("//x:note", "loose");
    gives("//x:*", "loose");
    gives("//note", "");
    gives("count(//*)", "8");
    gives("local-name(//x:note)", "note");
    gives("name(//x:note)", "x:note");
    gives("namespace-uri(//x:note)", "urn:x");
    gives("namespace-uri(//item)", "urn:shop");
    gives("namespace-uri(//@id)", "");
}

#[test]
fn predicates_count_and_compare() {
    gives("//item[last()]/@id", "c");
    gives("//item[position() < 3]/@id", "a|b");
    gives("//item[position() = 2]/@id", "b");
    gives("//item[@price > 5][1]/@id", "b");
    gives("//item[@price > 5 and @price < 8]/@id", "c");
    gives("//item[not(@price > 5)]/@id", "a");
    gives("//item[title = 'Tea' or title = 'Cup']/@id", "a|c");
    gives("//item[x:note]/@id", "a");
    gives("//item[contains(title, 'tea')]/@id", "b");
    gives("//item[9]/@id", "");
    gives("//item[0]/@id", "");
    gives("//item[1.5]/@id", "");
}

#[test]
fn expressions_have_values() {
    gives("1 + 2 * 3 - 4 div 2", "5");
    gives("7 mod 3", "1");
    gives("-7 mod 3", "-1");
    gives("1 div 0", "Infinity");
    gives("0 div 0", "NaN");
    gives("-(2)", "-2");
    gives("--2", "2");
    gives("0.1 + 0.25", "0.35");
    gives("10000000000000000000000", "10000000000000000000000");
    gives("2 > 1 > 0", "true");
    gives("'a' = 'a'", "true");
    gives("'a' < 'b'", "false");
    gives("true() != false()", "true");
    gives("//item = //title", "true");
    gives("//title = 'Cup'", "true");
    gives("//title != 'Cup'", "true");
    gives("//missing = ''", "false");
    gives("//missing = false()", "true");
    gives("//@price = 10", "true");
    gives("//@price > 10", "false");
    gives("5 < //@price", "true");
    gives("div div div", "NaN");
}

#[test]
fn functions_do_what_the_recommendation_says() {
    gives("count(//item)", "3");
    gives("sum(//@price)", "20.5");
    gives("string(//title)", "Tea");
    gives("string(1.0)", "1");
    gives("concat('a', 1, true())", "a1true");
    gives("starts-with('abc', 'ab')", "true");
    gives("contains('abc', '')", "true");
    gives("substring-before('1999/04/01', '/')", "1999");
    gives("substring-after('1999/04/01', '/')", "04/01");
    gives("substring-after('a', 'x')", "");
    gives("substring('12345', 2, 3)", "234");
    gives("substring('12345', 1.5, 2.6)", "234");
    gives("substring('12345', 0, 3)", "12");
    gives("substring('12345', 0 div 0, 3)", "");
    gives("substring('12345', -42, 1 div 0)", "12345");
    gives("substring('12345', 2)", "2345");
    gives("string-length('é😀')", "2");
    gives("normalize-space('  a \n b ')", "a b");
    gives("normalize-space(//item[2]/title)", "Pot of tea");
    gives("translate('bar', 'abc', 'AB')", "BAr");
    gives("translate('--aaa--', 'abc-', 'ABC')", "AAA");
    gives("boolean('')", "false");
    gives("number(' 12 ')", "12");
    gives("number('1e3')", "NaN");
    gives("number('+1')", "NaN");
    gives("floor(2.6)", "2");
    gives("ceiling(2.2)", "3");
    gives("round(2.5)", "3");
    gives("round(-2.5)", "-2");
    gives("round(-0.2)", "0");
    gives("count(id('a c nobody'))", "2");
    gives("count(//item[lang('en')])", "3");
    gives("count(//item[lang('de')])", "0");
}

#[test]
fn what_is_no_expression_is_told_with_its_place() {
    for (path, at, why) in [
        ("", 0, "a step is missing"),
        ("//", 2, "a step is missing"),
        ("//item[", 7, "a step is missing"),
        ("//item[1", 8, "`]` is missing"),
        ("//item]", 6, "nothing is expected"),
        ("'open", 0, "this quote is not closed"),
        ("$x", 0, "there are no variables"),
        ("a # b", 2, "`#` has no meaning"),
        ("cuont(//a)", 0, "there is `count`"),
        ("count()", 0, "takes 1 argument"),
        ("namespace::a", 0, "is no axis"),
        ("a/1", 2, "this is no step"),
    ] {
        let error = Expression::parse(path).expect_err(path);
        assert_eq!(error.at, at, "{path}: {error}");
        assert!(error.message.contains(why), "{path}: {error}");
    }
    let deep = format!("{}1{}", "(".repeat(1_000), ")".repeat(1_000));
    assert!(Expression::parse(&deep).is_err_and(|error| error.message.contains("nested")));
}

#[test]
fn an_expression_that_asks_for_too_much_is_given_up() {
    let wide = format!("<a>{}</a>", "<b/>".repeat(20_000));
    let told = of(&wide, "//b[count(//b) > 1]").expect_err("too much");
    assert!(told.contains("looks at more than"), "{told}");
    assert!(of(&wide, "count(1)").is_err_and(|why| why.contains("no nodes")));
}

proptest::proptest! {
    #[test]
    fn any_text_is_an_expression_or_told_of(path in "(/|//|\\.|\\.\\.|@|\\[|\\]|\\(|\\)|item|a:b|\\*|1|'x'|::|child|count|and|or|-|=|<|\\||,| ){0,12}") {
        let _ = of("<item a='1'>x<b/></item>", &path);
    }
}
