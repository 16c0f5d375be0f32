//! Archives of a build's files, as `artifact/*zip*/archive.zip` gives them: ZIP without compression.

/// A file's place in the archive.
struct Entry<'a> {
    path: &'a str,
    checksum: u32,
    size: u32,
    offset: u32,
}

/// Packs files, each with its path.
pub fn archive<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut entries = Vec::new();
    for (path, content) in files {
        let entry = Entry {
            path,
            checksum: crc32(content),
            size: length(content.len()),
            offset: length(out.len()),
        };
        out.extend(b"PK\x03\x04");
        common(&mut out, &entry);
        out.extend(path.as_bytes());
        out.extend(content);
        entries.push(entry);
    }
    let start = length(out.len());
    for entry in &entries {
        out.extend(b"PK\x01\x02");
        // Made by version 2.0, on a system like MS-DOS.
        out.extend(20_u16.to_le_bytes());
        common(&mut out, entry);
        // No comment, disk 0, no attributes.
        out.extend([0; 10]);
        out.extend(entry.offset.to_le_bytes());
        out.extend(entry.path.as_bytes());
    }
    let size = length(out.len()) - start;
    let count = u16::try_from(entries.len()).unwrap_or(u16::MAX);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    out
}

/// What stands before a file and again in the directory at the end.
fn common(out: &mut Vec<u8>, entry: &Entry) {
    /// Names are UTF-8.
    const FLAGS: u16 = 1 << 11;
    /// 1 January 1980, the first day that the format knows.
    const DAY: u16 = (1 << 5) | 1;
    out.extend(20_u16.to_le_bytes());
    out.extend(FLAGS.to_le_bytes());
    // Stored as it is, at midnight.
    out.extend([0; 4]);
    out.extend(DAY.to_le_bytes());
    out.extend(entry.checksum.to_le_bytes());
    out.extend(entry.size.to_le_bytes());
    out.extend(entry.size.to_le_bytes());
    let name = u16::try_from(entry.path.len()).unwrap_or(u16::MAX);
    out.extend(name.to_le_bytes());
    out.extend([0; 2]);
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            let mask = (sum & 1).wrapping_neg();
            sum = (sum >> 1) ^ (0xEDB8_8320 & mask);
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_format() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn an_archive_ends_with_its_directory() {
        let bytes = archive([("a.txt", b"hello".as_slice()), ("ü/b", b"")].into_iter());
        assert!(bytes.starts_with(b"PK\x03\x04"));
        let end = &bytes[bytes.len() - 22..];
        assert!(end.starts_with(b"PK\x05\x06"));
        assert_eq!(&end[8..12], [2, 0, 2, 0]);
        let start = u32::from_le_bytes(end[16..20].try_into().unwrap()) as usize;
        assert!(bytes[start..].starts_with(b"PK\x01\x02"));
    }
}
