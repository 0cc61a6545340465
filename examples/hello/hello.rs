//! Greets the caller: the name is the body, or `name` of the query string, or "world".

#[path = "../photon/photon.rs"]
mod photon;

use std::env::var;
use std::io::{self, Read};

fn main() -> io::Result<()> {
    let mut body = Vec::new();
    io::stdin().read_to_end(&mut body)?;
    let body = String::from_utf8_lossy(&body).trim().to_string();
    let name = Some(body)
        .filter(|name| !name.is_empty())
        .or_else(|| parameter(&var("QUERY_STRING").unwrap_or_default(), "name"))
        .unwrap_or_else(|| "world".to_string());
    let greeting = var("GREETING").unwrap_or_else(|_| "Hello".to_string());

    photon::log(photon::Level::Info, &format!("greeting {:?}", name));
    print!("Content-Type: text/plain; charset=utf-8\n\n{}, {}!\n", greeting, name);
    Ok(())
}

/// The first value of a query string's parameter that is not empty.
fn parameter(query: &str, wanted: &str) -> Option<String> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, value)| *key == wanted && !value.is_empty())
        .map(|(_, value)| percent_decode(value))
}

fn percent_decode(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            decoded.push(high * 16 + low);
            rest = &tail[2..];
        } else {
            decoded.push(if *first == b'+' { b' ' } else { *first });
            rest = tail;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    (digit as char).to_digit(16).map(|value| value as u8)
}
