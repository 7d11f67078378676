package io.j8s.apiserver.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import io.j8s.model.Field;
import io.j8s.model.Shape;
import io.j8s.model.Type;
import io.j8s.model.Types;
import java.util.Optional;

/// The types of built-in objects, as expressions see them; beside those of another provider. Types that refer to each other in circles are looked up when they are needed.
final class ModelTypes implements CelTypeProvider {
    /// So that no name of a type is taken for a variable.
    private static final String PREFIX = "model.type.";
    private final CelTypeProvider others;

    ModelTypes(CelTypeProvider others) {
        this.others = others;
    }

    static CelType of(Type type) {
        ImmutableSet.Builder<String> names = ImmutableSet.builder();
        for (Field field : type.fields()) {
            String name = FieldNames.escaped(field.name());
            if (name != null) {
                names.add(name);
            }
        }
        String typeName = type.name();
        return StructType.create(PREFIX + typeName, names.build(), name -> field(typeName, name));
    }

    private static Optional<CelType> field(String typeName, String name) {
        Type type = Types.named(typeName);
        if (type == null) {
            return Optional.empty();
        }
        return type.fields().stream().filter(field -> name.equals(FieldNames.escaped(field.name()))).findFirst().map(field -> of(field.shape()));
    }

    private static CelType of(Shape shape) {
        return switch (shape) {
            case Shape.Message message -> of(message.type());
            case Shape.ListOf(Shape element) -> ListType.create(of(element));
            case Shape.MapOf(Shape value) -> MapType.create(SimpleType.STRING, of(value));
            case Shape.Scalar scalar -> switch (scalar) {
                case STRING, DURATION -> SimpleType.STRING;
                case BOOL -> SimpleType.BOOL;
                case INT32, INT64 -> SimpleType.INT;
                case DOUBLE -> SimpleType.DOUBLE;
                case BYTES -> SimpleType.BYTES;
                case TIME, MICRO_TIME -> SimpleType.TIMESTAMP;
                case QUANTITY, INT_OR_STRING, JSON, RAW, FIELDS -> SimpleType.DYN;
            };
        };
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return others.types();
    }

    @Override
    public Optional<CelType> findType(String name) {
        if (!name.startsWith(PREFIX)) {
            return others.findType(name);
        }
        return Optional.ofNullable(Types.named(name.substring(PREFIX.length()))).map(ModelTypes::of);
    }
}
