package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts find of the web's interfaces. The expected values are those that browsers give. */
class ScriptWebTest {
    private final TestingScripts scripts = new TestingScripts();

    @AfterEach
    void close() {
        scripts.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            http://EXAMPLE.com:80/a/./b/../c?d=e#f        | http://example.com/a/c?d=e#f
            HTTPS://user:p%40ss@example.com:8443          | https://user:p%40ss@example.com:8443/
            https://example.com/ü?ö=\"<>#ä                 | https://example.com/%C3%BC?%C3%B6=%22%3C%3E#%C3%A4
            https:\\\\example.com\\a                      | https://example.com/a
            http://[2001:DB8::1]:8080/                    | http://[2001:db8::1]:8080/
            https://example.com/a/%2e%2E/b/.              | https://example.com/b/
            data:text/plain,Hi?x                          | data:text/plain,Hi?x
            """)
    void parsesAddresses(String given, String expected) {
        assertThat(scripts.value("new URL(" + quoted(given) + ").href")).isEqualTo(quoted(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "b, http://a.example/x/b",
        "/b?c, http://a.example/b?c",
        "?c, http://a.example/x/y?c",
        "#c, http://a.example/x/y?z#c",
        "../../b, http://a.example/b",
        "//b.example/c, http://b.example/c",
        "https:b.example, https://b.example/"
    })
    void resolvesAddressesAgainstABase(String given, String expected) {
        assertThat(scripts.value("new URL(" + quoted(given) + ", 'http://a.example/x/y?z').href"))
                .isEqualTo(quoted(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "http://", "http://a b/", "http://a:99999/", "http://ex%41mple.com/"})
    void refusesWhatIsNoAddress(String given) {
        assertThat(scripts.value("URL.canParse(" + quoted(given) + ")")).isEqualTo("false");
    }

    @Test
    void changesPartsOfAnAddress() {
        assertThat(scripts.answer("""
                const url = new URL("http://a.example/x?y=1#z");
                url.searchParams.append("b c", "ü&");
                url.protocol = "https"; url.host = "b.example:444"; url.pathname = "p q"; url.hash = "";
                return new Response(url.href + " " + url.origin);
                """))
                .isEqualTo("https://b.example:444/p%20q?y=1&b+c=%C3%BC%26 https://b.example:444");
    }

    @Test
    void readsAndWritesForms() {
        assertThat(scripts.value("""
                [[...new URLSearchParams("?a=1&b=%C3%BC+x&a=2&c")], String(new URLSearchParams({ "ä": "1 2" })),
                 new URLSearchParams([["b", 1], ["a", 2]]).getAll("a")]
                """))
                .isEqualTo("[[[\"a\",\"1\"],[\"b\",\"ü x\"],[\"a\",\"2\"],[\"c\",\"\"]],\"%C3%A4=1+2\",[\"2\"]]");
    }

    @Test
    void comparesHeadersWithoutCase() {
        assertThat(scripts.value("""
                (() => {
                  const headers = new Headers({ B: "1", a: " 2 " });
                  headers.append("A", 3);
                  headers.append("Set-Cookie", "x"); headers.append("Set-Cookie", "y");
                  headers.delete("b");
                  return [[...headers], headers.has("B"), headers.get("none"), headers.getSetCookie()];
                })()
                """))
                .isEqualTo(
                        "[[[\"a\",\"2, 3\"],[\"set-cookie\",\"x\"],[\"set-cookie\",\"y\"]],false,null,[\"x\",\"y\"]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"new Headers({ 'a b': '' })", "new Headers({ a: 'b\\nc: d' })", "new Request('/relative')"})
    void refusesWhatCannotBeSent(String expression) {
        assertThat(scripts.value("(() => { try { " + expression + "; } catch (error) { return error.name; } })()"))
                .isEqualTo("\"TypeError\"");
    }

    @Test
    void readsABodyOnce() {
        assertThat(scripts.answer("""
                const response = Response.json({ a: 1 });
                const copy = response.clone();
                const results = [(await response.json()).a, response.bodyUsed, await copy.text()];
                await response.text().catch((error) => results.push(error.name));
                return Response.json(results);
                """)).isEqualTo("[1,true,\"{\\\"a\\\":1}\",\"TypeError\"]");
    }

    @Test
    void passesABodyOnAsItsOnlyChunk() {
        assertThat(scripts.answer("""
                const chunks = [];
                for await (const chunk of new Response("ab").body) chunks.push(chunk.length);
                const reader = new Response("cd").body.getReader();
                chunks.push((await reader.read()).done, (await reader.read()).done);
                return new Response(new Response(chunks.join()).body);
                """)).isEqualTo("2,false,true");
    }

    @Test
    void redirects() {
        assertThat(scripts.value(
                        "[Response.redirect('http://a.example/', 303)].map((r) => [r.status, ...r.headers])[0]"))
                .isEqualTo("[303,[\"location\",\"http://a.example/\"]]");
    }

    @Test
    void encodesTextAndBinary() {
        assertThat(scripts.value("""
                [[...new TextEncoder().encode("ü€")], new TextDecoder().decode(new Uint8Array([0xc3, 0xbc, 0xff])),
                 btoa("\\x00ÿab"), atob("AP9h Yg=="), btoa("a"), atob("YQ")]
                """))
                .isEqualTo("[[195,188,226,130,172],\"ü\uFFFD\",\"AP9hYg==\",\"\\u0000ÿab\",\"YQ==\",\"a\"]");
    }

    @Test
    void clonesStructures() {
        assertThat(scripts.value("""
                (() => {
                  const given = { date: new Date(0), map: new Map([[1, { a: [1, , 3] }]]), bytes: new Uint8Array([1, 2]) };
                  given.self = given;
                  const copy = structuredClone(given);
                  return [copy !== given, copy.self === copy, copy.date.getTime(), copy.map.get(1).a, [...copy.bytes]];
                })()
                """)).isEqualTo("[true,true,0,[1,null,3],[1,2]]");
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
