use std::io::{self, Read, Write};

use tar::{EntryType, Header};

/// A block of an archive, in bytes.
const BLOCK: usize = 512;

/// The most bytes that the headers beside a member may hold (a long name, its extended attributes), which are read into memory.
const BESIDE: u64 = 1 << 20;

/// How many headers an archive may hold, those beside members included.
const HEADERS: usize = 500_000;

/// What an archive tells of one thing in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// As it stands there: anything at all.
    pub(super) name: Vec<u8>,
    /// What it is.
    pub(super) kind: Kind,
    /// The bytes of its content; zero but for a file.
    pub(super) size: u64,
    /// Its owner may execute it: all that is taken of its mode.
    pub(super) executable: bool,
}

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A plain file.
    File,
    /// A directory.
    Directory,
    /// A link, a device, a file with holes, in words.
    Other(&'static str),
}

/// Reads the members of a tar, one after the other, in constant memory.
///
/// It is stricter than the readers that want to make the best of old tapes: an archive that ends before its end mark, a wrong
/// checksum, a header that says two things at once are errors. What a container's engine packs is never like that.
pub(super) struct Members<R> {
    archive: R,
    headers: usize,
    /// Bytes of the present member that have not been read.
    content: u64,
    /// Bytes behind them, up to the next block.
    padding: u64,
}

/// What the headers before a member say of it.
#[derive(Default)]
struct Beside {
    long_name: Option<Vec<u8>>,
    extended: Option<Extended>,
}

#[derive(Default)]
struct Extended {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
}

impl<R: Read> Members<R> {
    /// Reads from the beginning of an archive.
    pub(super) fn new(archive: R) -> Self {
        Members { archive, headers: 0, content: 0, padding: 0 }
    }

    /// The next member; `None` at the end mark. What was not read of the one before is passed over.
    pub(super) fn next(&mut self) -> io::Result<Option<Member>> {
        let mut beside = Beside::default();
        loop {
            self.pass_over()?;
            let Some(header) = self.header()? else {
                return match beside.long_name.is_some() || beside.extended.is_some() {
                    true => Err(refuse("its archive ends where a member is announced")),
                    false => Ok(None),
                };
            };
            let size = header.entry_size().map_err(|_| refuse("a size in its archive is no number"))?;
            let kind = header.entry_type();
            if !kind.is_gnu_longname() && !kind.is_gnu_longlink() && !kind.is_pax_local_extensions() {
                if kind.is_pax_global_extensions() {
                    self.announce(size);
                    continue;
                }
                return self.member(&header, size, beside).map(Some);
            }
            self.announce(size);
            if size > BESIDE {
                return Err(refuse("a header of its archive is longer than 1 MiB"));
            }
            let mut data = Vec::new();
            self.copy(&mut data)?;
            if kind.is_gnu_longname() {
                let name = data.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
                data.truncate(name);
                once(&mut beside.long_name, data)?;
            } else if kind.is_pax_local_extensions() {
                once(&mut beside.extended, extended(&data)?)?;
            }
        }
    }

    /// Writes the content of the present member.
    pub(super) fn copy(&mut self, to: &mut impl Write) -> io::Result<()> {
        let wanted = std::mem::take(&mut self.content);
        match io::copy(&mut (&mut self.archive).take(wanted), to)? {
            copied if copied == wanted => Ok(()),
            _ => Err(cut_off()),
        }
    }

    fn member(&mut self, header: &Header, size: u64, beside: Beside) -> io::Result<Member> {
        let extended = beside.extended.unwrap_or_default();
        let size = extended.size.unwrap_or(size);
        let kind = match header.entry_type() {
            EntryType::Regular | EntryType::Continuous if extended.sparse => Kind::Other("file with holes"),
            EntryType::GNUSparse => Kind::Other("file with holes"),
            // In the oldest archives a file whose name ends so was a directory.
            EntryType::Regular if size == 0 && header.path_bytes().ends_with(b"/") => Kind::Directory,
            EntryType::Regular | EntryType::Continuous => Kind::File,
            EntryType::Directory => Kind::Directory,
            EntryType::Symlink => Kind::Other("symbolic link"),
            EntryType::Link => Kind::Other("hard link"),
            EntryType::Char | EntryType::Block => Kind::Other("device"),
            EntryType::Fifo => Kind::Other("named pipe"),
            _ => Kind::Other("thing of an unknown kind"),
        };
        let bare = matches!(header.entry_type(), EntryType::Directory | EntryType::Symlink | EntryType::Link)
            || matches!(header.entry_type(), EntryType::Char | EntryType::Block | EntryType::Fifo);
        if bare && size > 0 {
            return Err(refuse("its archive gives content to what can have none"));
        }
        self.announce(size);
        Ok(Member {
            name: extended.name.or(beside.long_name).unwrap_or_else(|| header.path_bytes().into_owned()),
            kind,
            size: if kind == Kind::File { size } else { 0 },
            executable: header.mode().is_ok_and(|mode| mode & 0o100 != 0),
        })
    }

    fn announce(&mut self, size: u64) {
        self.content = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
    }

    fn pass_over(&mut self) -> io::Result<()> {
        let left = std::mem::take(&mut self.content).saturating_add(std::mem::take(&mut self.padding));
        match io::copy(&mut (&mut self.archive).take(left), &mut io::sink())? {
            copied if copied == left => Ok(()),
            _ => Err(cut_off()),
        }
    }

    /// The next header; `None` at the end mark, which is two blocks of zeros.
    fn header(&mut self) -> io::Result<Option<Header>> {
        let mut header = Header::new_old();
        self.block(header.as_mut_bytes())?;
        if header.as_bytes().iter().all(|byte| *byte == 0) {
            let mut second = [0; BLOCK];
            self.block(&mut second)?;
            return match second.iter().all(|byte| *byte == 0) {
                true => Ok(None),
                false => Err(refuse("its archive goes on behind half an end mark")),
            };
        }
        self.headers += 1;
        if self.headers > HEADERS {
            return Err(refuse("its archive holds more than 500,000 headers"));
        }
        let bytes = header.as_bytes();
        let sum = bytes[..148].iter().chain(&bytes[156..]).map(|byte| u32::from(*byte)).sum::<u32>() + 8 * 32;
        match header.cksum() {
            Ok(told) if told == sum => Ok(Some(header)),
            _ => Err(refuse("a header of its archive is damaged")),
        }
    }

    fn block(&mut self, block: &mut [u8]) -> io::Result<()> {
        self.archive.read_exact(block).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => cut_off(),
            _ => error,
        })
    }
}

/// What the archive is refused for.
pub(super) fn refuse(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}

fn cut_off() -> io::Error {
    refuse("its archive is cut off")
}

fn once<T>(place: &mut Option<T>, value: T) -> io::Result<()> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(refuse("its archive announces one member twice")),
    }
}

/// Reads the records of POSIX.1-2001, `LENGTH KEY=VALUE\n`, where a value may hold anything.
fn extended(mut data: &[u8]) -> io::Result<Extended> {
    let damaged = || refuse("a header of its archive is damaged");
    let mut found = Extended::default();
    while !data.is_empty() {
        let blank = data.iter().position(|byte| *byte == b' ').ok_or_else(damaged)?;
        let length = number(&data[..blank]).and_then(|length| usize::try_from(length).ok()).ok_or_else(damaged)?;
        let record = data.get(blank + 1..length).ok_or_else(damaged)?;
        data = &data[length..];
        let (b'\n', record) = record.split_last().ok_or_else(damaged)? else { return Err(damaged()) };
        let equals = record.iter().position(|byte| *byte == b'=').ok_or_else(damaged)?;
        let (key, value) = (&record[..equals], &record[equals + 1..]);
        match key {
            // A record without a value takes back what was said before.
            b"path" if value.is_empty() => found.name = None,
            b"path" => once(&mut found.name, value.to_vec())?,
            b"size" => once(&mut found.size, number(value).ok_or_else(damaged)?)?,
            _ if key.starts_with(b"GNU.sparse.") => found.sparse = true,
            _ => {}
        }
    }
    Ok(found)
}

fn number(digits: &[u8]) -> Option<u64> {
    let all = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    all.then(|| std::str::from_utf8(digits).ok()?.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_by_their_length_alone() {
        let data = b"17 comment=a\nb=c\n12 path=\xff/b\n11 size=70\n";
        let found = extended(data).expect("they are well formed");
        assert_eq!((found.name.as_deref(), found.size), (Some(b"\xff/b".as_slice()), Some(70)));
    }

    #[test]
    fn records_whose_length_is_wrong_are_refused() {
        for data in [
            b"9 path=abc\n".as_slice(),
            b"99 path=a\n",
            b"+8 path=a\n",
            b"0 path=a\n",
            b" path=a\n",
            b"1 \n",
            b"9 path=ab\n9 path=cd\n",
            b"10 size=-1\n",
            b"18446744073709551616 a=b\n",
        ] {
            assert!(extended(data).is_err(), "{:?}", String::from_utf8_lossy(data));
        }
    }
}
