package dev.photon.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.LogLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a {@code photoniq.toml} says about a version. What this build does not know is left alone: files of the other
 * service must load.
 *
 * @param name 1 to 64 letters, digits, dashes and underscores, not starting with a dash or underscore
 * @param site whether it says that there are static files
 * @param ignored the keys that have no effect here
 */
record FunctionConfig(
        String name,
        String version,
        String description,
        String lang,
        Map<String, String> env,
        Map<String, String> secrets,
        Manifest.Limits limits,
        Manifest.Outbound outbound,
        boolean reuse,
        Manifest.Scaling scaling,
        Placement placement,
        String urlSuffix,
        List<Route> routes,
        List<TriggerRule> triggers,
        Optional<CorsRules> cors,
        Manifest.Auth auth,
        Manifest.Logs logs,
        boolean site,
        Assets.Rules assets,
        List<String> ignored) {

    /** A manifest repeats most of it, and must fit a record with room to spare. */
    private static final int MAX_LENGTH = 64 * 1024;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern SUFFIX = Pattern.compile("(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
    private static final int MAX_SUFFIX = 256;
    private static final List<String> OWN_PATHS = List.of("/api", "/fn", "/metrics", "/openapi.json");
    private static final int MAX_NAMED = 10;

    /** The keys that have an effect, with all that is below them. */
    private static final Set<String> EFFECTIVE = Set.of(
            "name", "version", "description", "lang", "execute_url_suffix", "routes", "triggers", "auth", "env_vars");

    /** The tables of which these keys have an effect. */
    private static final Map<String, Set<String>> TABLES = Map.of(
            "log_settings",
            Set.of("enabled", "level"),
            "cors_settings",
            RunSettings.OUTBOUND_KEYS,
            "resource_settings",
            Set.of("mem"),
            "runtime",
            RunSettings.RUNTIME_KEYS,
            ScalingSettings.TABLE,
            ScalingSettings.KEYS,
            PlacementSettings.TABLE,
            PlacementSettings.KEYS,
            "static_assets",
            AssetSettings.KEYS,
            EventSettings.TABLE,
            EventSettings.KEYS,
            CorsTable.NAME,
            CorsTable.KEYS);

    private static final String SECRET = "secret";
    private static final TomlMapper TOML = new TomlMapper();

    /**
     * @throws Refused when the text is not TOML or a value is not one we take
     */
    static FunctionConfig parse(String toml) throws Refused {
        var root = read(toml);
        var name = text(root, "name");
        requireName(name);
        var version = text(root, "version");
        if (!Versions.isValid(version)) {
            throw new Refused(
                    "the version '" + Refused.shortened(version) + "' is not a semantic version such as 1.0.0");
        }
        return new FunctionConfig(
                name,
                version,
                optional(root, "description"),
                optional(root, "lang"),
                env(root.path("env_vars")),
                secrets(root.path("env_vars")),
                RunSettings.limits(root),
                RunSettings.outbound(root),
                RunSettings.reuse(root),
                ScalingSettings.scaling(root),
                PlacementSettings.placement(root),
                urlSuffix(optional(root, "execute_url_suffix")),
                RouteSettings.routes(root.path("routes")),
                TriggerSettings.triggers(root.path("triggers")),
                CorsTable.rules(root),
                auth(root.path("auth")),
                logs(root.path("log_settings")),
                root.has("static_assets"),
                AssetSettings.rules(root.path("static_assets")),
                ignored(root));
    }

    static void requireName(String name) throws Refused {
        if (!NAME.matcher(name).matches()) {
            throw new Refused(
                    "the name must be 1 to 64 letters, digits, '-' and '_', and start with a letter or a digit");
        }
    }

    /** Whether that version was deployed with these settings. */
    boolean describes(Manifest manifest) {
        return equals(new FunctionConfig(
                manifest.name(),
                manifest.version(),
                manifest.description(),
                manifest.lang(),
                manifest.env(),
                manifest.secrets(),
                manifest.limits(),
                manifest.outbound(),
                manifest.reuse(),
                manifest.scaling(),
                manifest.placement(),
                manifest.urlSuffix(),
                manifest.routes(),
                manifest.triggers(),
                manifest.cors(),
                manifest.auth(),
                manifest.logs(),
                site,
                manifest.assets().map(Assets::rules).orElse(Assets.Rules.DEFAULT),
                ignored));
    }

    /** What its author should know. */
    Optional<String> warning() {
        return ignored.isEmpty()
                ? Optional.empty()
                : Optional.of("of photoniq.toml has no effect: "
                        + ignored.stream()
                                .limit(MAX_NAMED)
                                .map(Refused::shortened)
                                .collect(Collectors.joining(", ")));
    }

    /** The keys that mean nothing here, with their tables. */
    private static List<String> ignored(JsonNode root) {
        var ignored = new ArrayList<String>();
        for (var entry : root.properties()) {
            var known = TABLES.get(entry.getKey());
            if (known != null) {
                entry.getValue().fieldNames().forEachRemaining(key -> {
                    if (!known.contains(key)) {
                        ignored.add(entry.getKey() + "." + key);
                    }
                });
            } else if (!EFFECTIVE.contains(entry.getKey())) {
                ignored.add(entry.getKey());
            }
        }
        return ignored;
    }

    private static JsonNode read(String toml) throws Refused {
        if (toml.length() > MAX_LENGTH) {
            throw new Refused(ErrorKind.TOO_LARGE, "photoniq.toml has at most " + MAX_LENGTH + " characters");
        }
        try {
            return TOML.readTree(toml);
        } catch (JacksonException e) {
            var at = e.getLocation();
            var where = at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
            throw new Refused("photoniq.toml does not parse%s: %s".formatted(where, firstLine(e.getOriginalMessage())));
        }
    }

    private static String text(JsonNode root, String key) throws Refused {
        var node = root.path(key);
        if (!node.isTextual()) {
            throw new Refused("photoniq.toml has no text '" + key + "'");
        }
        return node.textValue();
    }

    private static String optional(JsonNode root, String key) {
        return root.path(key).asText("");
    }

    /** {@code NAME = "value"}. */
    private static Map<String, String> env(JsonNode table) throws Refused {
        var env = new TreeMap<String, String>();
        for (var entry : table.properties()) {
            var named = VARIABLE.matcher(entry.getKey()).matches();
            if (!named || !(entry.getValue().isValueNode() || isSecret(entry.getValue()))) {
                throw new Refused("env_vars: '" + Refused.shortened(entry.getKey())
                        + "' must be NAME = \"value\" or NAME = { secret = \"name\" }");
            }
            if (entry.getValue().asText().indexOf('\0') >= 0) {
                throw new Refused("env_vars: '" + entry.getKey() + "' contains a zero character");
            }
            if (entry.getValue().isValueNode()) {
                env.put(entry.getKey(), entry.getValue().asText());
            }
        }
        return env;
    }

    /** {@code NAME = { secret = "name" }}. */
    private static Map<String, String> secrets(JsonNode table) {
        var secrets = new TreeMap<String, String>();
        for (var entry : table.properties()) {
            if (isSecret(entry.getValue())) {
                secrets.put(entry.getKey(), entry.getValue().path(SECRET).textValue());
            }
        }
        return secrets;
    }

    private static boolean isSecret(JsonNode value) {
        var name = value.path(SECRET);
        return value.size() == 1 && name.isTextual() && Secret.isName(name.textValue());
    }

    /** Without a slash at its end. */
    private static String urlSuffix(String path) throws Refused {
        var suffix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (!SUFFIX.matcher(suffix).matches() || suffix.length() > MAX_SUFFIX) {
            throw new Refused(
                    "execute_url_suffix must be a path such as \"/shop/v1\", of letters, digits, '-', '_' and '.'");
        }
        for (var own : OWN_PATHS) {
            if (suffix.equals(own) || suffix.startsWith(own + "/")) {
                throw new Refused("execute_url_suffix must not begin with " + own + ", which is the platform's own");
            }
        }
        return suffix;
    }

    private static Manifest.Auth auth(JsonNode word) throws Refused {
        return switch (word.asText("key")) {
            case "key" -> Manifest.Auth.KEY;
            case "public" -> Manifest.Auth.PUBLIC;
            default -> throw new Refused("auth must be \"key\" or \"public\"");
        };
    }

    private static Manifest.Logs logs(JsonNode table) throws Refused {
        var level = LogLevel.of(table.path("level").asText(LogLevel.INFO.name()))
                .orElseThrow(() -> new Refused("log_settings.level must be one of ERROR, WARN, INFO, DEBUG and TRACE"));
        return new Manifest.Logs(table.path("enabled").asBoolean(true), level);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
