//! Timestamps: RFC 3339 as Go reads and prints it (sops-format.md sections 1.3 and 2.4).

use nom::bytes::complete::{take_while, take_while_m_n};
use nom::character::complete::{char, one_of};
use nom::combinator::{all_consuming, map_opt, opt};
use nom::{IResult, Parser};
use std::fmt;

/// A point in time with its offset from UTC, kept as the civil fields it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamp {
    /// Year, 0 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to the month's last.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
    /// Nanoseconds, 0 to 999,999,999.
    pub nanos: u32,
    /// Offset from UTC in minutes; 0 is printed as `Z`.
    pub offset_minutes: i16,
}

impl Timestamp {
    /// Parses strict RFC 3339 with upper-case `T` and `Z`; None for anything else, impossible dates included.
    pub fn parse_rfc3339(text: &[u8]) -> Option<Self> {
        let (_, time) = all_consuming(rfc3339).parse(text).ok()?;
        time.checked()
    }

    /// The same time if its fields can stand in a calendar.
    pub fn checked(self) -> Option<Self> {
        let leap = self.year.is_multiple_of(4) && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        let fits = (1..=days).contains(&self.day) && self.hour < 24 && self.minute < 60 && self.second < 60;
        fits.then_some(self)
    }

    /// The time without its fraction of a second: the form that authenticates the MAC.
    pub fn whole_seconds(self) -> Self {
        Self { nanos: 0, ..self }
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339, the fraction without trailing zeros: `2024-01-02T03:04:05.12Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second, .. } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanos != 0 {
            let digits = format!("{:09}", self.nanos);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        if self.offset_minutes == 0 {
            return f.write_str("Z");
        }
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let minutes = self.offset_minutes.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// A decimal number of `least` to `most` digits.
pub(super) fn digits(least: usize, most: usize) -> impl FnMut(&[u8]) -> IResult<&[u8], u16> {
    move |input| {
        let all = take_while_m_n(least, most, |c: u8| c.is_ascii_digit());
        map_opt(all, |text| std::str::from_utf8(text).ok()?.parse().ok()).parse(input)
    }
}

/// A fraction of a second behind its point, in nanoseconds; digits past the ninth are cut, as Go does.
pub(super) fn fraction(input: &[u8]) -> IResult<&[u8], u32> {
    let (rest, _) = one_of(".,")(input)?;
    let (rest, text) = take_while(|c: u8| c.is_ascii_digit())(rest)?;
    if text.is_empty() {
        return Err(nom::Err::Error(nom::error::Error::new(rest, nom::error::ErrorKind::Digit)));
    }
    let nanos = text.iter().chain([b'0'; 9].iter()).take(9).fold(0, |sum, d| sum * 10 + u32::from(d - b'0'));
    Ok((rest, nanos))
}

fn rfc3339(input: &[u8]) -> IResult<&[u8], Timestamp> {
    let (rest, (year, _, month, _, day, _)) =
        (digits(4, 4), char('-'), digits(2, 2), char('-'), digits(2, 2), char('T')).parse(input)?;
    let (rest, (hour, _, minute, _, second)) =
        (digits(2, 2), char(':'), digits(2, 2), char(':'), digits(2, 2)).parse(rest)?;
    let (rest, nanos) = opt(fraction).parse(rest)?;
    let (rest, offset_minutes) = offset(rest, 59)?;
    let time = Timestamp {
        year,
        month: month as u8,
        day: day as u8,
        hour: hour as u8,
        minute: minute as u8,
        second: second as u8,
        nanos: nanos.unwrap_or(0),
        offset_minutes,
    };
    Ok((rest, time))
}

/// `Z`, or an offset from UTC in minutes, whose own minutes are at most `minutes_max`.
pub(super) fn offset(input: &[u8], minutes_max: u16) -> IResult<&[u8], i16> {
    if let Ok((rest, _)) = char::<_, nom::error::Error<_>>('Z')(input) {
        return Ok((rest, 0));
    }
    let (rest, (sign, hours, _, minutes)) = (one_of("+-"), digits(2, 2), char(':'), digits(2, 2)).parse(input)?;
    if hours > 24 || minutes > minutes_max {
        return Err(nom::Err::Error(nom::error::Error::new(rest, nom::error::ErrorKind::Verify)));
    }
    let size = (hours * 60 + minutes) as i16;
    Ok((rest, if sign == '-' { -size } else { size }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_it_read() {
        for text in ["2024-01-02T03:04:05Z", "2024-02-29T23:59:59.12Z", "0001-01-01T00:00:00.000000001+02:30"] {
            assert_eq!(Timestamp::parse_rfc3339(text.as_bytes()).unwrap().to_string(), text);
        }
        let zero = Timestamp::parse_rfc3339(b"2026-01-02T03:04:21.500+00:00").unwrap();
        assert_eq!(zero.to_string(), "2026-01-02T03:04:21.5Z");
        assert_eq!(zero.whole_seconds().to_string(), "2026-01-02T03:04:21Z");
    }

    #[test]
    fn refuses_what_go_refuses() {
        let bad = ["", "2024-01-02", "2024-1-02T03:04:05Z", "2023-02-29T00:00:00Z", "2024-01-02t03:04:05Z"];
        for text in bad.into_iter().chain([
            "2024-01-02T24:00:00Z",
            "2024-01-02T03:04:60Z",
            "2024-01-02T03:04:05",
            "2024-01-02T03:04:05.Z",
        ]) {
            assert_eq!(Timestamp::parse_rfc3339(text.as_bytes()), None, "{text}");
        }
    }
}
