package io.j8s.apiserver.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The types that an expression constructs for a mutation: `JSONPatch{…}`, and `Object{…}` with `Object.spec{…}` and so on, which take whatever fields the expression gives them.
final class PatchTypes implements CelTypeProvider {

    private static final Pattern FIELD = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\s*:");
    private static final ImmutableSet<String> OF_PATCH = ImmutableSet.of("op", "path", "from", "value");

    private final String expression;

    PatchTypes(String expression) {
        this.expression = expression;
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableList.of();
    }

    @Override
    public Optional<CelType> findType(String name) {
        if (name.equals("JSONPatch")) {
            return Optional.of(StructType.create(name, OF_PATCH, field -> Optional.of(field.equals("value") ? SimpleType.DYN : SimpleType.STRING)));
        }
        if (name.equals("Object") || name.startsWith("Object.")) {
            return Optional.of(StructType.create(name, fields(), field -> Optional.of(SimpleType.DYN)));
        }
        return Optional.empty();
    }

    private ImmutableSet<String> fields() {
        ImmutableSet.Builder<String> fields = ImmutableSet.builder();
        Matcher matcher = FIELD.matcher(expression);
        while (matcher.find()) {
            fields.add(matcher.group(1));
        }
        return fields.build();
    }
}
