use super::ParseError;
use super::axis::Axis;
use super::expression::{Arithmetic, Comparison, Node, Step};
use super::function::Function;
use super::lexer::{Token, TokenKind, tokens};
use super::node_test::NodeTest;
use super::tree::Name;

/// How deep parts may be nested.
const MOST_DEPTH: usize = 64;

/// How long a text may be.
const MOST_BYTES: usize = 16 * 1024;

/// Reads the text of an expression.
pub(super) fn parse(text: &str) -> Result<Node, ParseError> {
    if text.len() > MOST_BYTES {
        return Err(ParseError::new(MOST_BYTES, format!("an XPath has at most {MOST_BYTES} bytes")));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, next: 0, depth: 0 };
    let node = parser.expression()?;
    match parser.peek() {
        TokenKind::End => Ok(node),
        _ => Err(parser.error("nothing is expected after this point")),
    }
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &TokenKind {
        &self.tokens[self.next].kind
    }

    fn after(&self) -> Option<&TokenKind> {
        self.tokens.get(self.next + 1).map(|token| &token.kind)
    }

    fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError::new(self.tokens[self.next].at, message)
    }

    fn advance(&mut self) {
        // The end is never passed.
        self.next = (self.next + 1).min(self.tokens.len() - 1);
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), TokenKind::Sign(own) if *own == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let is = self.is_sign(sign);
        if is {
            self.advance();
        }
        is
    }

    fn take_operator(&mut self, operator: &str) -> bool {
        let is = matches!(self.peek(), TokenKind::Operator(own) if *own == operator);
        if is {
            self.advance();
        }
        is
    }

    fn must(&mut self, sign: &str) -> Result<(), ParseError> {
        if self.take(sign) { Ok(()) } else { Err(self.error(format!("`{sign}` is missing"))) }
    }

    fn expression(&mut self) -> Result<Node, ParseError> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(self.error(format!("parts are nested more than {MOST_DEPTH} deep")));
        }
        let node = self.or();
        self.depth -= 1;
        node
    }

    fn or(&mut self) -> Result<Node, ParseError> {
        let mut left = self.and()?;
        while self.take_operator("or") {
            left = Node::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Node, ParseError> {
        let mut left = self.equality()?;
        while self.take_operator("and") {
            left = Node::And(Box::new(left), Box::new(self.equality()?));
        }
        Ok(left)
    }

    fn equality(&mut self) -> Result<Node, ParseError> {
        let mut left = self.relation()?;
        loop {
            let comparison = if self.take("=") {
                Comparison::Equal
            } else if self.take("!=") {
                Comparison::NotEqual
            } else {
                return Ok(left);
            };
            left = Node::Compare(comparison, Box::new(left), Box::new(self.relation()?));
        }
    }

    fn relation(&mut self) -> Result<Node, ParseError> {
        let mut left = self.sum()?;
        loop {
            let comparison = if self.take("<=") {
                Comparison::LessOrEqual
            } else if self.take("<") {
                Comparison::Less
            } else if self.take(">=") {
                Comparison::GreaterOrEqual
            } else if self.take(">") {
                Comparison::Greater
            } else {
                return Ok(left);
            };
            left = Node::Compare(comparison, Box::new(left), Box::new(self.sum()?));
        }
    }

    fn sum(&mut self) -> Result<Node, ParseError> {
        let mut left = self.product()?;
        loop {
            let arithmetic = if self.take("+") {
                Arithmetic::Add
            } else if self.take("-") {
                Arithmetic::Subtract
            } else {
                return Ok(left);
            };
            left = Node::Arithmetic(arithmetic, Box::new(left), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Node, ParseError> {
        let mut left = self.negation()?;
        loop {
            let arithmetic = if self.take_operator("*") {
                Arithmetic::Multiply
            } else if self.take_operator("div") {
                Arithmetic::Divide
            } else if self.take_operator("mod") {
                Arithmetic::Remainder
            } else {
                return Ok(left);
            };
            left = Node::Arithmetic(arithmetic, Box::new(left), Box::new(self.negation()?));
        }
    }

    fn negation(&mut self) -> Result<Node, ParseError> {
        let mut minus = 0;
        while self.take("-") {
            minus += 1;
        }
        let node = self.union()?;
        // Two minus make a number of what is none, which no minus does not.
        Ok(match minus {
            0 => node,
            minus if minus % 2 == 1 => Node::Negate(Box::new(node)),
            _ => Node::Negate(Box::new(Node::Negate(Box::new(node)))),
        })
    }

    fn union(&mut self) -> Result<Node, ParseError> {
        let mut left = self.path()?;
        while self.take("|") {
            left = Node::Union(Box::new(left), Box::new(self.path()?));
        }
        Ok(left)
    }

    fn path(&mut self) -> Result<Node, ParseError> {
        if let Some(primary) = self.primary()? {
            let predicates = self.predicates()?;
            let steps = if self.is_sign("/") || self.is_sign("//") { self.more_steps(Vec::new())? } else { Vec::new() };
            return Ok(if predicates.is_empty() && steps.is_empty() {
                primary
            } else {
                Node::Filter { of: Box::new(primary), predicates, steps }
            });
        }
        if self.is_sign("//") {
            return Ok(Node::Path { from_root: true, steps: self.more_steps(Vec::new())? });
        }
        if self.take("/") {
            let steps = if self.begins_step() {
                let first = self.step()?;
                self.more_steps(vec![first])?
            } else {
                Vec::new()
            };
            return Ok(Node::Path { from_root: true, steps });
        }
        let first = self.step()?;
        Ok(Node::Path { from_root: false, steps: self.more_steps(vec![first])? })
    }

    /// A literal, a number, a call or something in parentheses.
    fn primary(&mut self) -> Result<Option<Node>, ParseError> {
        let node = match self.peek().clone() {
            TokenKind::Literal(text) => {
                self.advance();
                Node::Literal(text)
            }
            TokenKind::Number(number) => {
                self.advance();
                Node::Number(number)
            }
            TokenKind::Sign("(") => {
                self.advance();
                let node = self.expression()?;
                self.must(")")?;
                node
            }
            TokenKind::Name(name) if self.after() == Some(&TokenKind::Sign("(")) && !is_node_type(&name) => {
                self.call(&name)?
            }
            _ => return Ok(None),
        };
        Ok(Some(node))
    }

    fn call(&mut self, name: &str) -> Result<Node, ParseError> {
        let Some((function, least, most)) = Function::named(name) else {
            let near = Function::near(name).map(|near| format!("; there is `{near}`")).unwrap_or_default();
            return Err(self.error(format!("`{name}` is no function of XPath 1.0{near}")));
        };
        let place = self.next;
        self.advance();
        self.must("(")?;
        let mut arguments = Vec::new();
        if !self.is_sign(")") {
            arguments.push(self.expression()?);
            while self.take(",") {
                arguments.push(self.expression()?);
            }
        }
        self.must(")")?;
        if (least..=most).contains(&arguments.len()) {
            return Ok(Node::Call(function, arguments));
        }
        let wanted = match (least, most) {
            (0, 0) => "no argument".to_owned(),
            (1, 1) => "1 argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, usize::MAX) => format!("at least {least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        };
        Err(ParseError::new(self.tokens[place].at, format!("`{name}` takes {wanted}, not {}", arguments.len())))
    }

    fn begins_step(&self) -> bool {
        matches!(self.peek(), TokenKind::Name(_) | TokenKind::Star | TokenKind::Sign("." | ".." | "@"))
    }

    /// Further steps, each after `/` or `//`.
    fn more_steps(&mut self, mut steps: Vec<Step>) -> Result<Vec<Step>, ParseError> {
        loop {
            if self.take("//") {
                steps.push(Step { axis: Axis::DescendantOrSelf, test: NodeTest::Node, predicates: Vec::new() });
            } else if !self.take("/") {
                return Ok(steps);
            }
            steps.push(self.step()?);
        }
    }

    fn step(&mut self) -> Result<Step, ParseError> {
        let whole = |axis| Step { axis, test: NodeTest::Node, predicates: Vec::new() };
        if self.take(".") {
            return Ok(whole(Axis::Itself));
        }
        if self.take("..") {
            return Ok(whole(Axis::Parent));
        }
        let axis = if self.take("@") { Axis::Attribute } else { self.axis()? };
        let test = self.test()?;
        Ok(Step { axis, test, predicates: self.predicates()? })
    }

    /// `ancestor::`, or the children where no axis is said.
    fn axis(&mut self) -> Result<Axis, ParseError> {
        let (TokenKind::Name(name), Some(TokenKind::Sign("::"))) = (self.peek(), self.after()) else {
            return Ok(Axis::Child);
        };
        let Some(axis) = Axis::named(name) else {
            return Err(self.error(format!("`{name}` is no axis; there are {}", Axis::names().join(", "))));
        };
        self.advance();
        self.advance();
        Ok(axis)
    }

    fn test(&mut self) -> Result<NodeTest, ParseError> {
        let test = match self.peek().clone() {
            TokenKind::Star => NodeTest::Any,
            TokenKind::Name(name) if self.after() == Some(&TokenKind::Sign("(")) && is_node_type(&name) => {
                self.advance();
                self.advance();
                let target = match self.peek().clone() {
                    TokenKind::Literal(target) if name == "processing-instruction" => {
                        self.advance();
                        Some(target)
                    }
                    _ => None,
                };
                // What closes it is taken below.
                if !self.is_sign(")") {
                    return Err(self.error("`)` is missing"));
                }
                match name.as_str() {
                    "node" => NodeTest::Node,
                    "text" => NodeTest::Text,
                    "comment" => NodeTest::Comment,
                    _ => NodeTest::Instruction(target),
                }
            }
            TokenKind::Name(name) => match name.strip_suffix(":*") {
                Some(prefix) => NodeTest::AnyOf(prefix.to_owned()),
                None => NodeTest::Named(Name::of(&name)),
            },
            TokenKind::End => return Err(self.error("a step is missing: the name of an element, `*` or `@name`")),
            _ => return Err(self.error("this is no step: the name of an element, `*` or `@name`")),
        };
        self.advance();
        Ok(test)
    }

    fn predicates(&mut self) -> Result<Vec<Node>, ParseError> {
        let mut predicates = Vec::new();
        while self.take("[") {
            predicates.push(self.expression()?);
            self.must("]")?;
        }
        Ok(predicates)
    }
}

fn is_node_type(name: &str) -> bool {
    matches!(name, "node" | "text" | "comment" | "processing-instruction")
}
