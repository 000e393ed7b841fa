//! Header maps as the Proxy-Wasm ABI serializes them: a count, the sizes of names and values, then
//! names and values, each with a NUL behind it; all numbers are 32 bits, little-endian.

/// A serialized header map. Values are bytes: a header need not be UTF-8.
pub(crate) struct Headers<'a> {
    sizes: &'a [u8],
    pairs: &'a [u8],
}

impl<'a> Headers<'a> {
    /// Reads the map; what is malformed is an empty map.
    pub(crate) fn new(serialized: &'a [u8]) -> Headers<'a> {
        let empty = Headers { sizes: &[], pairs: &[] };
        let Some((count, rest)) = number(serialized) else { return empty };
        match count.checked_mul(8).and_then(|size| rest.split_at_checked(size)) {
            Some((sizes, pairs)) => Headers { sizes, pairs },
            None => empty,
        }
    }

    /// Names and values in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let mut pairs = self.pairs;
        self.sizes.chunks_exact(8).map_while(move |sizes| {
            let (name_size, sizes) = number(sizes)?;
            let (value_size, _) = number(sizes)?;
            let (name, rest) = pairs.split_at_checked(name_size)?;
            let (value, rest) = rest.get(1..)?.split_at_checked(value_size)?;
            pairs = rest.get(1..)?;
            Some((name, value))
        })
    }
}

fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((usize::try_from(u32::from_le_bytes(*number)).ok()?, rest))
}

/// Serializes headers of our own.
pub(crate) fn serialize(headers: &[(&str, &str)]) -> Vec<u8> {
    let number = |size: usize| u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = number(headers.len()).to_vec();
    for (name, value) in headers {
        bytes.extend(number(name.len()));
        bytes.extend(number(value.len()));
    }
    for part in headers.iter().flat_map(|(name, value)| [name, value]) {
        bytes.extend_from_slice(part.as_bytes());
        bytes.push(0);
    }
    bytes
}
