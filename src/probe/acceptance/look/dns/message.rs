use std::net::{Ipv4Addr, Ipv6Addr};

use crate::model::DnsRecord;

/// How many bytes there are before the questions.
const HEADER: usize = 12;
/// The class of the Internet.
const INTERNET: u16 = 1;
/// How often a name may go on somewhere else: it ends before, or turns in a circle.
const JUMPS: usize = 32;
/// The code of an answer that says that there is no such name.
const NO_SUCH_NAME: u8 = 3;

/// What a name server answers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// The records that were asked for, as text; none where there are none of this type.
    Records(Vec<String>),
    /// There is more than a datagram holds.
    Cut,
    /// It does not say, and with which code.
    Refused(u8),
}

/// The number that a type of records has on the wire (RFC 1035, 3596 and 2782).
fn number(record: DnsRecord) -> u16 {
    match record {
        DnsRecord::A => 1,
        DnsRecord::Cname => 5,
        DnsRecord::Aaaa => 28,
        DnsRecord::Srv => 33,
    }
}

/// A question of RFC 1035, to be answered recursively; none where the name is none.
pub(super) fn question(id: u16, name: &str, record: DnsRecord) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    // One question, recursion desired.
    for word in [id, 0x0100, 1, 0, 0, 0] {
        message.extend_from_slice(&word.to_be_bytes());
    }
    for label in name.strip_suffix('.').unwrap_or(name).split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..=63).contains(length))?;
        message.push(length);
        message.extend_from_slice(label.as_bytes());
    }
    message.push(0);
    if message.len() - HEADER > 255 {
        return None;
    }
    for word in [number(record), INTERNET] {
        message.extend_from_slice(&word.to_be_bytes());
    }
    Some(message)
}

/// Reads the answer to the question `id`; none where it is another's, or no answer.
pub(super) fn reply(message: &[u8], id: u16, record: DnsRecord) -> Option<Reply> {
    let header = [0, 2, 4, 6].map(|at| word(message, at));
    let [Some(own), Some(flags), Some(questions), Some(answers)] = header else { return None };
    if own != id || flags & 0x8000 == 0 {
        return None;
    }
    let code = (flags & 0x000f) as u8;
    if flags & 0x0200 != 0 {
        return Some(Reply::Cut);
    }
    if code != 0 && code != NO_SUCH_NAME {
        return Some(Reply::Refused(code));
    }
    let mut at = HEADER;
    for _ in 0..questions {
        at = name(message, at)?.1 + 4;
    }
    let mut records = Vec::new();
    for _ in 0..answers {
        at = name(message, at)?.1;
        let (kind, class, length) = (word(message, at)?, word(message, at + 2)?, word(message, at + 8)?);
        let (begin, end) = (at + 10, at + 10 + usize::from(length));
        let data = message.get(begin..end)?;
        if kind == number(record) && class == INTERNET {
            records.push(text(message, begin, data, record)?);
        }
        at = end;
    }
    Some(Reply::Records(records))
}

/// The data of a record as text.
fn text(message: &[u8], begin: usize, data: &[u8], record: DnsRecord) -> Option<String> {
    Some(match record {
        DnsRecord::A => Ipv4Addr::from(<[u8; 4]>::try_from(data).ok()?).to_string(),
        DnsRecord::Aaaa => Ipv6Addr::from(<[u8; 16]>::try_from(data).ok()?).to_string(),
        DnsRecord::Cname => name(message, begin)?.0,
        DnsRecord::Srv => {
            let [priority, weight, port] = [0, 2, 4].map(|at| word(data, at));
            format!("{} {} {} {}", priority?, weight?, port?, name(message, begin + 6)?.0)
        }
    })
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// The name at a place, without its last dot, and where what comes behind it begins. It may go on at an earlier place.
fn name(message: &[u8], at: usize) -> Option<(String, usize)> {
    let (mut labels, mut at, mut behind) = (Vec::new(), at, None);
    for _ in 0..=JUMPS {
        loop {
            let length = *message.get(at)?;
            match length {
                0 => return Some((labels.join("."), behind.unwrap_or(at + 1))),
                1..=63 => {
                    let label = message.get(at + 1..at + 1 + usize::from(length))?;
                    labels.push(String::from_utf8_lossy(label).into_owned());
                    at += 1 + usize::from(length);
                }
                _ if length & 0xc0 == 0xc0 => break,
                _ => return None,
            }
        }
        behind.get_or_insert(at + 2);
        at = usize::from(word(message, at)? & 0x3fff);
    }
    None
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An answer to `question` with records of these types and data.
    pub fn answer(question: &[u8], flags: u16, records: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let mut message = question[..2].to_vec();
        for word in [flags, 1, records.len() as u16, 0, 0] {
            message.extend_from_slice(&word.to_be_bytes());
        }
        message.extend_from_slice(&question[HEADER..]);
        for (kind, data) in records {
            // The name is that of the question.
            message.extend_from_slice(&[0xc0, HEADER as u8]);
            message.extend_from_slice(&kind.to_be_bytes());
            message.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
            message.extend_from_slice(&(data.len() as u16).to_be_bytes());
            message.extend_from_slice(data);
        }
        message
    }

    /// `a.` and the name of the question.
    pub const BELOW: [u8; 4] = [1, b'a', 0xc0, HEADER as u8];

    fn replied(name: &str, record: DnsRecord, flags: u16, records: &[(u16, Vec<u8>)]) -> Option<Reply> {
        let question = question(7, name, record).expect("a name");
        reply(&answer(&question, flags, records), 7, record)
    }

    #[test]
    fn records_of_each_type_are_read_and_others_passed_over() {
        let records = |texts: &[&str]| Some(Reply::Records(texts.iter().map(|text| (*text).to_owned()).collect()));
        let alias = (5, BELOW.to_vec());
        let found = replied("web.example", DnsRecord::Cname, 0x8180, &[alias.clone(), (1, vec![10, 0, 0, 1])]);
        assert_eq!(found, records(&["a.web.example"]));
        let found = replied("web.example.", DnsRecord::A, 0x8180, &[alias, (1, vec![10, 0, 0, 1])]);
        assert_eq!(found, records(&["10.0.0.1"]));
        let mut loopback = vec![0; 16];
        loopback[15] = 1;
        assert_eq!(replied("web.example", DnsRecord::Aaaa, 0x8180, &[(28, loopback)]), records(&["::1"]));
        let service = [&[0, 10, 0, 5, 1, 187][..], &BELOW].concat();
        let found = replied("_https._tcp.example", DnsRecord::Srv, 0x8180, &[(33, service)]);
        assert_eq!(found, records(&["10 5 443 a._https._tcp.example"]));
        assert_eq!(replied("gone.example", DnsRecord::A, 0x8183, &[]), records(&[]), "there is no such name");
    }

    #[test]
    fn what_is_no_answer_is_none() {
        let asked = question(7, "web.example", DnsRecord::A).expect("a name");
        assert_eq!(reply(&asked, 7, DnsRecord::A), None, "a question");
        let told = answer(&asked, 0x8180, &[(1, vec![10, 0, 0, 1])]);
        assert_eq!(reply(&told, 8, DnsRecord::A), None, "another's");
        for end in 0..told.len() {
            assert_eq!(reply(&told[..end], 7, DnsRecord::A), None, "{end} bytes");
        }
        assert_eq!(replied("web.example", DnsRecord::A, 0x8182, &[]), Some(Reply::Refused(2)));
        assert_eq!(replied("web.example", DnsRecord::A, 0x8380, &[]), Some(Reply::Cut));
        let circle = vec![0xc0, (HEADER + 13 + 4 + 12) as u8];
        assert_eq!(replied("web.example", DnsRecord::Cname, 0x8180, &[(5, circle)]), None, "a name in a circle");
    }

    #[test]
    fn what_is_no_name_is_not_asked_for() {
        assert!(question(1, "a..b", DnsRecord::A).is_none());
        assert!(question(1, &"a".repeat(64), DnsRecord::A).is_none());
        assert!(question(1, &["abcdefgh"; 30].join("."), DnsRecord::A).is_none());
    }
}
