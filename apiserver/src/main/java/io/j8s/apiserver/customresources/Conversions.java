package io.j8s.apiserver.customresources;

import io.j8s.apiserver.status.Refusal;
import io.j8s.model.DynamicStruct;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Brings the objects of a custom resource, each held in one of its versions, into another one. What a webhook was asked for is remembered as long as the object lives, so that
/// an object is converted once and not for each reader. Any thread.
final class Conversions {

    private final Converter converter;
    private final Map<String, CustomVersion> byType = new HashMap<>();
    private final Map<CustomVersion, WeakMemory<DynamicStruct, DynamicStruct>> known = new HashMap<>();

    Conversions(Converter converter, List<CustomVersion> versions) {
        this.converter = converter;
        versions.forEach(version -> {
            byType.put(version.resource().type().name(), version);
            known.put(version, new WeakMemory<>());
        });
    }

    /// The version that an object is held in.
    ///
    /// @throws Refusal when the definition has none of that name (any more)
    CustomVersion of(DynamicStruct object) {
        CustomVersion version = byType.get(object.structType().name());
        if (version == null) {
            throw new Refusal(500, "", "request to convert CR from an invalid group/version: " + object.structType().apiVersion(), Refusal.Details.NONE);
        }
        return version;
    }

    /// An object in a version.
    ///
    /// @throws io.j8s.apiserver.status.Refusal when it cannot be converted
    DynamicStruct in(CustomVersion wanted, DynamicStruct object) {
        if (object.structType() == wanted.resource().type()) {
            return object;
        }
        CustomVersion from = of(object);
        DynamicStruct simple = simply(from, wanted, object);
        if (simple != null) {
            return simple;
        }
        DynamicStruct before = remembered(wanted, object);
        if (before != null) {
            return before;
        }
        DynamicStruct converted = converter.convert(List.of(object), from, wanted).getFirst();
        remember(wanted, object, converted);
        return converted;
    }

    /// Converts all of them, those of one version in one go.
    void together(CustomVersion wanted, List<DynamicStruct> objects) {
        if (!converter.isCostly()) {
            return;
        }
        Map<CustomVersion, List<DynamicStruct>> byVersion = new LinkedHashMap<>();
        for (DynamicStruct object : objects) {
            CustomVersion from = of(object);
            if (object.structType() != wanted.resource().type() && simply(from, wanted, object) == null && remembered(wanted, object) == null) {
                byVersion.computeIfAbsent(from, version -> new ArrayList<>()).add(object);
            }
        }
        byVersion.forEach((from, some) -> {
            List<DynamicStruct> converted = converter.convert(some, from, wanted);
            for (int i = 0; i < some.size(); i++) {
                remember(wanted, some.get(i), converted.get(i));
            }
        });
    }

    /// Where nothing has to be converted: an object of the same version, perhaps of before its definition changed, and one that says nothing.
    private static @Nullable DynamicStruct simply(CustomVersion from, CustomVersion wanted, DynamicStruct object) {
        if (from == wanted) {
            return wanted.schema().holds(object.structType()) ? object : (DynamicStruct) wanted.schema().readConverted(PlainJson.of(object));
        }
        Struct nothing = object.structType().empty();
        return object.equals(nothing) ? (DynamicStruct) wanted.resource().type().empty() : null;
    }

    private @Nullable DynamicStruct remembered(CustomVersion wanted, DynamicStruct object) {
        WeakMemory<DynamicStruct, DynamicStruct> memory = known.get(wanted);
        return memory == null ? null : memory.get(object);
    }

    private void remember(CustomVersion wanted, DynamicStruct object, DynamicStruct converted) {
        WeakMemory<DynamicStruct, DynamicStruct> memory = known.get(wanted);
        if (converter.isCostly() && memory != null) {
            memory.put(object, converted);
        }
    }
}
