package io.j8s.apiserver.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects functions, each overload with its declaration and its code, and adds them to an environment.
final class Functions {

    private final Map<String, List<CelOverloadDecl>> declared = new LinkedHashMap<>();
    private final Map<String, List<CelFunctionBinding>> bound = new LinkedHashMap<>();

    /// A function `name(arguments…)`.
    Functions global(String name, String id, CelType result, CelFunctionOverload code, CelType... arguments) {
        return add(name, CelOverloadDecl.newGlobalOverload(id, result, arguments), code, arguments);
    }

    /// A function `receiver.name(arguments…)`; the receiver is the first argument.
    Functions member(String name, String id, CelType result, CelFunctionOverload code, CelType... arguments) {
        return add(name, CelOverloadDecl.newMemberOverload(id, result, arguments), code, arguments);
    }

    private Functions add(String name, CelOverloadDecl overload, CelFunctionOverload code, CelType... arguments) {
        List<Class<?>> classes = Arrays.stream(arguments).<Class<?>>map(Functions::classOf).toList();
        declared.computeIfAbsent(name, key -> new ArrayList<>()).add(overload);
        bound.computeIfAbsent(name, key -> new ArrayList<>()).add(CelFunctionBinding.from(overload.overloadId(), classes, code));
        return this;
    }

    void addTo(CelBuilder builder) {
        declared.forEach((name, overloads) -> builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(name, overloads)));
        bound.forEach((name, bindings) -> builder.addFunctionBindings(CelFunctionBinding.fromOverloads(name, bindings)));
    }

    private static Class<?> classOf(CelType type) {
        return switch (type.kind()) {
            case BOOL -> Boolean.class;
            case INT -> Long.class;
            case DOUBLE -> Double.class;
            case STRING -> String.class;
            case LIST -> List.class;
            case MAP -> Map.class;
            case OPAQUE -> switch (type.name()) {
                case "kubernetes.Quantity" -> QuantityFunctions.Amount.class;
                case "kubernetes.URL" -> java.net.URI.class;
                case "kubernetes.NamedFormat" -> FormatFunctions.Format.class;
                case "kubernetes.Semver" -> SemverFunctions.Semver.class;
                case "net.IP" -> AddressFunctions.Ip.class;
                case "net.CIDR" -> AddressFunctions.Cidr.class;
                default -> CelAuthorizer.class;
            };
            default -> Object.class;
        };
    }
}
