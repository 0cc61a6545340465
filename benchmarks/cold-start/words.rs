//! Counts words in more ways than anybody needs: some 150 KB, so that a first call has something to load.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read, Write};

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let mut words: HashMap<String, usize> = HashMap::new();
    let mut numbers: BTreeMap<String, f64> = BTreeMap::new();
    for word in text.split_whitespace() {
        *words.entry(word.to_string()).or_insert(0) += 1;
        if let Ok(number) = word.parse::<f64>() {
            numbers.insert(word.to_string(), number.sqrt().powf(1.5));
        }
    }
    let mut sorted: Vec<_> = words.iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    write!(io::stdout(), "Content-Type: text/plain\n\n{:?}\n{:?}\n", sorted, numbers)
}
