package io.j8s.client.testing;

import io.j8s.client.Patch;
import io.j8s.model.Json;
import io.j8s.model.Struct;
import io.j8s.model.patch.Patches;
import java.nio.charset.StandardCharsets;

/// Applies patches as a server does.
final class Patching {
    private Patching() {}

    static Struct apply(Struct before, Patch patch) {
        return switch (patch) {
            case Patch.Merge(var text) -> Patches.merge(before, bytes(text), Patching::refuse);
            case Patch.Strategic(var text) -> Patches.strategic(before, bytes(text), Patching::refuse);
            case Patch.Json(var text) -> Patches.json(before, bytes(text), Patching::refuse);
            // field owners are not tracked: what is given is set, and nothing is taken away
            case Patch.Apply(var fields) -> Patches.strategic(before, Json.write(fields), Patching::refuse);
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void refuse(String finding) {
        throw Refusals.refusal(400, "BadRequest", finding);
    }
}
