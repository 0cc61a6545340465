// A pull parser of JSON, as small as its caller needs. The first failure sticks: what is asked for after it answers at once.

const QUOTE: i32 = 0x22;
const COMMA: i32 = 0x2c;
const MINUS: i32 = 0x2d;
const DOT: i32 = 0x2e;
const ZERO: i32 = 0x30;
const COLON: i32 = 0x3a;
const BACKSLASH: i32 = 0x5c;
const MAX_DEPTH: i32 = 100;

export class Json {
  error: string = "";
  private at: i32 = 0;
  private depth: i32 = 0;

  constructor(private text: string) {}

  get failed(): bool {
    return this.error != "";
  }

  /** Enters an array or object; true if it has something in it. */
  open(opening: i32, closing: i32): bool {
    if (!this.expect(opening)) return false;
    return this.peek() == closing ? !this.expect(closing) : true;
  }

  /** After an element: true if another one follows. */
  another(closing: i32): bool {
    if (this.failed) return false;
    if (this.peek() == COMMA) return this.expect(COMMA);
    this.expect(closing);
    return false;
  }

  /** After the last value: nothing may follow. */
  end(): void {
    if (this.peek() >= 0) this.fail("unexpected text");
  }

  number(): f64 {
    this.peek();
    const start = this.at;
    this.accept(MINUS);
    let valid = this.accept(ZERO) || this.digits();
    if (valid && this.accept(DOT)) valid = this.digits();
    if (valid && (this.code() | 0x20) == 0x65) {
      this.at++;
      if (this.code() == 0x2b || this.code() == MINUS) this.at++;
      valid = this.digits();
    }
    const value = valid ? parseFloat(this.text.substring(start, this.at)) : NaN;
    if (!isFinite(value)) {
      this.at = start;
      this.fail("expected a number");
    }
    return value;
  }

  /** The number that an object's member is; the last one if there are several. */
  numberOfMember(name: string): f64 {
    let value = NaN;
    if (this.open(0x7b, 0x7d)) {
      do {
        const key = this.string();
        this.expect(COLON);
        if (key == name) value = this.number();
        else this.skip();
      } while (this.another(0x7d));
    }
    if (isNaN(value)) this.fail("no such field in the object");
    return value;
  }

  string(): string {
    let value = "";
    if (!this.expect(QUOTE)) return value;
    let start = this.at;
    while (!this.failed) {
      const c = this.code();
      if (c == QUOTE || c == BACKSLASH) value += this.text.substring(start, this.at);
      if (this.accept(QUOTE)) return value;
      if (this.accept(BACKSLASH)) {
        value += this.escape();
        start = this.at;
      } else if (c < 0x20) {
        this.fail("unterminated string");
      } else {
        this.at++;
      }
    }
    return value;
  }

  private escape(): string {
    const c = this.code();
    this.at++;
    switch (c) {
      case QUOTE: case BACKSLASH: case 0x2f: return String.fromCharCode(c);
      case 0x62: return "\b";
      case 0x66: return "\f";
      case 0x6e: return "\n";
      case 0x72: return "\r";
      case 0x74: return "\t";
      case 0x75: return this.unicode();
    }
    this.fail("bad escape");
    return "";
  }

  private unicode(): string {
    let unit = 0;
    for (let i = 0; i < 4; i++) {
      const digit = hex(this.code());
      if (digit < 0) this.fail("bad escape");
      unit = unit * 16 + digit;
      this.at++;
    }
    return String.fromCharCode(unit);
  }

  private skip(): void {
    if (++this.depth > MAX_DEPTH) this.fail("nested too deeply");
    const c = this.failed ? -1 : this.peek();
    if (c == QUOTE) this.string();
    else if (c == 0x5b) {
      if (this.open(0x5b, 0x5d)) do this.skip(); while (this.another(0x5d));
    } else if (c == 0x7b) {
      if (this.open(0x7b, 0x7d)) {
        do {
          this.string();
          this.expect(COLON);
          this.skip();
        } while (this.another(0x7d));
      }
    } else if (!this.literal("true") && !this.literal("false") && !this.literal("null")) this.number();
    this.depth--;
  }

  private literal(word: string): bool {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private digits(): bool {
    const start = this.at;
    while (this.code() >= ZERO && this.code() <= 0x39) this.at++;
    return this.at > start;
  }

  private expect(wanted: i32): bool {
    this.peek();
    if (!this.failed && this.accept(wanted)) return true;
    this.fail(`expected '${wanted == QUOTE ? "\\\"" : String.fromCharCode(wanted)}'`);
    return false;
  }

  private accept(wanted: i32): bool {
    if (this.code() != wanted) return false;
    this.at++;
    return true;
  }

  /** The next character after white space, which is skipped; -1 at the end. */
  private peek(): i32 {
    let c = this.code();
    while (c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09) {
      this.at++;
      c = this.code();
    }
    return c;
  }

  private code(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }

  private fail(message: string): void {
    if (!this.failed) this.error = `${message} at character ${this.at}`;
  }
}

/** The value of a hexadecimal digit, or -1. */
export function hex(digit: i32): i32 {
  if (digit >= 0x30 && digit <= 0x39) return digit - 0x30;
  const letter = digit | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
