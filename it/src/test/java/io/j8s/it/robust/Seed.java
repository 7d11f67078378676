package io.j8s.it.robust;

import io.j8s.model.Cbor;
import io.j8s.model.Json;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.Types;
import io.j8s.model.Yaml;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// A request of a recorded conversation that carries a body.
///
/// @param contentType of the body
record Seed(String method, String path, String contentType, byte[] body) {

    /// All of them, each body in every form that it can have.
    static List<Seed> all() throws IOException {
        List<Seed> seeds = new ArrayList<>();
        Path recordings = Path.of(System.getProperty("j8s.root"), "it", "src", "test", "recordings");
        try (Stream<Path> files = Files.list(recordings)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".jsonl.gz")).sorted().toList()) {
                try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        read(line, seeds);
                    }
                }
            }
        }
        return seeds;
    }

    /// Its body with another value in the same form; protobuf, and what is no value, as they are.
    byte[] mutated(StructureMutator mutator) {
        try {
            return switch (contentType) {
                case "application/vnd.kubernetes.protobuf" -> body;
                case "application/yaml" -> Yaml.writePlain(mutator.mutated(Yaml.readAll(body).getFirst())).getBytes(StandardCharsets.UTF_8);
                case "application/cbor", "application/apply-patch+cbor" -> Cbor.writePlain(mutator.mutated(Cbor.readPlain(body)));
                default -> Json.writePlain(mutator.mutated(Json.readPlain(body)));
            };
        } catch (IllegalArgumentException e) {
            return body; // a recorded body that is malformed
        }
    }

    private static void read(String scenario, List<Seed> seeds) {
        if (Json.readPlain(scenario.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> map && map.get("steps") instanceof List<?> steps) {
            for (Object step : steps) {
                if (step instanceof Map<?, ?> all && all.get("request") instanceof Map<?, ?> request && request.get("body") != null) {
                    add(request, seeds);
                }
            }
        }
    }

    private static void add(Map<?, ?> request, List<Seed> seeds) {
        String method = String.valueOf(request.get("method"));
        String path = String.valueOf(request.get("path")).replaceAll("/namespaces/g-[0-9a-f]+/", "/namespaces/default/");
        Object content = request.get("headers") instanceof Map<?, ?> headers ? headers.get("Content-Type") : null;
        Object body = Objects.requireNonNull(request.get("body"));
        byte[] json = Json.writePlain(body);
        String type = content == null ? "application/json" : String.valueOf(content);
        seeds.add(new Seed(method, path, type, json));
        if (content == null || type.equals("application/apply-patch+yaml")) {
            others(method, path, type, body, seeds);
        }
    }

    private static void others(String method, String path, String type, Object body, List<Seed> seeds) {
        try {
            boolean apply = type.equals("application/apply-patch+yaml");
            seeds.add(new Seed(method, path, apply ? type : "application/yaml", Yaml.writePlain(body).getBytes(StandardCharsets.UTF_8)));
            seeds.add(new Seed(method, path, apply ? "application/apply-patch+cbor" : "application/cbor", Cbor.writePlain(body)));
            if (!apply && body instanceof Map<?, ?> map && map.get("kind") instanceof String kind && map.get("apiVersion") instanceof String version) {
                Type known = Types.of(version, kind);
                if (known != null && Protobuf.supports(known)) {
                    Struct object = Json.read(known, Json.writePlain(body));
                    seeds.add(new Seed(method, path, "application/vnd.kubernetes.protobuf", Protobuf.write(object, version, kind)));
                }
            }
        } catch (IllegalArgumentException e) {
            // a recorded body that has no other form: numbers that are too large, fields of the wrong type
        }
    }
}
