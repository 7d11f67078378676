package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Bytes;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Secret;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `secrets`
final class Secrets {

    private static final int SIZE_LIMIT_BYTES = 1024 * 1024;
    private static final FieldPath DATA = FieldPath.of("data");

    private Secrets() {}

    static Resource<Secret> resource() {
        return Resource.of(Secret.RESOURCE)
                .defaults(Secrets::defaults)
                .prepareUpdate(Secrets::prepareUpdate)
                .createRules(Secrets::rules)
                .updateRules(Secrets::update)
                .warnings((secret, old) -> warnings(secret))
                .selectable("type", Secret::type)
                .table(table -> table
                        .nameColumn()
                        .column("Type", "string", "What the secret is for.", (secret, now) -> secret.type())
                        .column("Data", "string", "How many values it holds.", (secret, now) -> secret.data().size())
                        .ageColumn())
                .build();
    }

    /// `stringData` is a way to write `data`, and is never read back.
    private static Secret defaults(Secret sent) {
        Secret secret = sent;
        if (!secret.stringData().isEmpty()) {
            Map<String, Bytes> data = new LinkedHashMap<>(secret.data());
            secret.stringData().forEach((key, value) -> data.put(key, Bytes.of(value.getBytes(StandardCharsets.UTF_8))));
            secret = secret.withData(data);
        }
        secret = secret.hasStringData() ? secret.withoutStringData() : secret;
        return secret.type().isEmpty() ? secret.withType("Opaque") : secret;
    }

    private static Secret prepareUpdate(Secret sent, Secret stored, WriteContext context) {
        return sent.type().isEmpty() ? sent.withType(stored.type()) : sent;
    }

    private static void update(Secret secret, Secret old, FieldErrors errors) {
        errors.immutable(FieldPath.of("type"), secret.type(), old.type());
        if (old.immutable()) {
            if (!secret.immutable()) {
                errors.forbidden(FieldPath.of("immutable"), "field is immutable when `immutable` is set");
            }
            if (!secret.data().equals(old.data())) {
                errors.forbidden(DATA, "field is immutable when `immutable` is set");
            }
        }
        rules(secret, errors);
    }

    private static List<String> warnings(Secret secret) {
        String problem = secret.type().equals("kubernetes.io/tls") ? KeyPairText.problem(secret.data().get("tls.crt"), secret.data().get("tls.key")) : null;
        return problem == null ? List.of() : List.of(problem);
    }

    private static void rules(Secret secret, FieldErrors errors) {
        long size = 0;
        for (var entry : secret.data().entrySet()) {
            Names.configKey(entry.getKey()).forEach(problem -> errors.invalid(DATA.key(entry.getKey()), entry.getKey(), problem));
            size += entry.getValue().length();
        }
        if (size > SIZE_LIMIT_BYTES) {
            errors.tooLong(DATA, SIZE_LIMIT_BYTES);
        }
        switch (secret.type()) {
            case "kubernetes.io/service-account-token" -> {
                String key = "kubernetes.io/service-account.name";
                if (secret.metadata().annotations().getOrDefault(key, "").isEmpty()) {
                    errors.required(FieldPath.of("metadata").child("annotations").key(key));
                }
            }
            case "kubernetes.io/dockercfg" -> json(secret, ".dockercfg", errors);
            case "kubernetes.io/dockerconfigjson" -> json(secret, ".dockerconfigjson", errors);
            case "kubernetes.io/basic-auth" -> {
                if (!secret.data().containsKey("username") && !secret.data().containsKey("password")) {
                    errors.required(DATA.key("username"));
                    errors.required(DATA.key("password"));
                }
            }
            case "kubernetes.io/ssh-auth" -> {
                Bytes key = secret.data().get("ssh-privatekey");
                if (key == null || key.length() == 0) {
                    errors.required(DATA.key("ssh-privatekey"));
                }
            }
            case "kubernetes.io/tls" -> {
                required(secret, "tls.crt", errors);
                required(secret, "tls.key", errors);
            }
            default -> {}
        }
    }

    private static void required(Secret secret, String key, FieldErrors errors) {
        if (!secret.data().containsKey(key)) {
            errors.required(DATA.key(key));
        }
    }

    private static void json(Secret secret, String key, FieldErrors errors) {
        Bytes value = secret.data().get(key);
        if (value == null) {
            errors.required(DATA.key(key));
            return;
        }
        boolean object;
        try {
            object = Json.readPlain(value.toArray()) instanceof Map<?, ?>;
        } catch (DecodeException e) {
            object = false;
        }
        if (!object) {
            errors.invalid(DATA.key(key), "<secret contents redacted>", "must be a JSON object");
        }
    }
}
