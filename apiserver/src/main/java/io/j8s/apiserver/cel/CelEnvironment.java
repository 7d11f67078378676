package io.j8s.apiserver.cel;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypes;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelStandardFunctions;
import io.j8s.model.Type;
import io.j8s.model.schema.RegularExpression;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What an expression may refer to: variables, the standard functions, and those of Kubernetes ("Common Expression Language in Kubernetes" in its documentation).
/// Objects are not typed, unless they are said to be ([#holding]): a field that does not exist is found out when the expression is evaluated. Immutable.
public final class CelEnvironment {

    private static final int LARGEST_EXPRESSION = 16 * 1024;
    private static final int LARGEST_RULE = 100_000;
    private static final int MOST_ITERATIONS = 1_000_000;

    /// Those of the extension's version 2.
    private static final Set<CelStringExtensions.Function> STRINGS = EnumSet.complementOf(EnumSet.of(CelStringExtensions.Function.REVERSE));

    private final Map<String, CelType> variables;

    private CelEnvironment(Map<String, CelType> variables) {
        this.variables = variables;
    }

    /// What an expression must yield.
    public enum Result {
        BOOL("bool"), STRING("string"), NOTE("one of [string null_type]"), LIST("list"), OBJECT("Object"), PATCHES("list(JSONPatch)"), ANY("any");

        private final String shown;

        Result(String shown) {
            this.shown = shown;
        }
    }

    /// An environment with these variables, of no known type.
    public static CelEnvironment of(String... names) {
        Map<String, CelType> variables = new LinkedHashMap<>();
        for (String name : names) {
            variables.put(name, name.startsWith("authorizer") ? AuthorizerFunctions.typeOf(name) : SimpleType.DYN);
        }
        return new CelEnvironment(variables);
    }

    /// With one more variable, of the type of an expression's value.
    public CelEnvironment with(String name, CelExpression value) {
        Map<String, CelType> more = new LinkedHashMap<>(variables);
        more.put(name, value.type());
        return new CelEnvironment(more);
    }

    /// With one more variable, of no known type.
    public CelEnvironment with(String name) {
        Map<String, CelType> more = new LinkedHashMap<>(variables);
        more.put(name, SimpleType.DYN);
        return new CelEnvironment(more);
    }

    /// With a variable that is an object of a built-in type: a field that the type does not have, or an operation that its fields do not take, is found when an expression is compiled.
    public CelEnvironment holding(String name, Type type) {
        Map<String, CelType> more = new LinkedHashMap<>(variables);
        more.put(name, ModelTypes.of(type));
        return new CelEnvironment(more);
    }

    /// @throws CelException when it does not compile, or yields something else
    public CelExpression compile(String text, Result expected) throws CelException {
        try {
            Cel cel = cel(text);
            CelValidationResult checked = cel.compile(text);
            if (checked.hasError()) {
                throw new CelException("compilation failed: " + RuleCompiler.withoutCandidates(checked.getErrorString()));
            }
            CelAbstractSyntaxTree tree = checked.getAst();
            LiteralChecks.check(tree, "compilation failed: ");
            if (!fits(tree.getResultType(), expected)) {
                throw new CelException("must evaluate to " + expected.shown + " but got " + CelTypes.format(tree.getResultType()));
            }
            return new CelExpression(text, tree, cel.createProgram(tree));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new CelException("compilation failed: " + e.getMessage());
        }
    }

    private static boolean fits(CelType type, Result expected) {
        CelKind kind = type.kind();
        return switch (expected) {
            case BOOL -> kind == CelKind.BOOL;
            case STRING -> kind == CelKind.STRING;
            case NOTE -> kind == CelKind.STRING || kind == CelKind.NULL_TYPE;
            case LIST -> kind == CelKind.LIST || kind == CelKind.DYN;
            case OBJECT -> type.name().equals("Object");
            case PATCHES -> type instanceof ListType list && list.elemType().name().equals("JSONPatch");
            case ANY -> true;
        };
    }

    private Cel cel(String text) {
        CelBuilder builder = builder(CelOptions.current(), LARGEST_EXPRESSION, true)
                .setTypeProvider(new ModelTypes(new PatchTypes(text)))
                .setValueProvider((name, fields) -> Optional.of(present(fields)));
        variables.forEach(builder::addVar);
        return builder.build();
    }

    /// For rules of schemas: values have types.
    static CelBuilder typed(CelTypeProvider types) {
        CelBuilder builder = builder(CelOptions.current(), LARGEST_RULE, false).setTypeProvider(types);
        SchemaLists.addTo(builder);
        return builder;
    }

    private static CelBuilder builder(CelOptions.Builder chosen, int largest, boolean patches) {
        CelOptions options = chosen
                .enableHeterogeneousNumericComparisons(true)
                .comprehensionMaxIterations(MOST_ITERATIONS)
                .maxExpressionCodePointSize(largest)
                .build();
        CelBuilder builder = CelFactory.plannerCelBuilder()
                .setOptions(options)
                .setStandardFunctions(CelStandardFunctions.newBuilder().excludeFunctions(CelStandardFunctions.StandardFunction.MATCHES).build())
                .addFunctionBindings(CelFunctionBinding.from("matches", String.class, String.class, CelEnvironment::matches),
                        CelFunctionBinding.from("matches_string", String.class, String.class, CelEnvironment::matches))
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(
                        CelExtensions.strings(STRINGS), CelExtensions.optional(), CelExtensions.sets(options), CelExtensions.comprehensions(), CelExtensions.lists())
                .addRuntimeLibraries(
                        CelExtensions.strings(STRINGS), CelExtensions.optional(), CelExtensions.sets(options), CelExtensions.comprehensions(), CelExtensions.lists());
        KubernetesFunctions.addTo(builder, patches);
        return builder;
    }

    /// As the library's own, but for expressions that would take all memory.
    private static boolean matches(String text, String expression) {
        return RegularExpression.compile(expression).matcher(text).find();
    }

    /// The fields of a constructed object that were given a value.
    private static Map<String, Object> present(Map<String, Object> fields) {
        Set<String> absent = fields.entrySet().stream()
                .filter(field -> field.getValue() instanceof Optional<?> optional && optional.isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Map<String, Object> present = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (!absent.contains(name)) {
                present.put(name, value instanceof Optional<?> optional ? optional.orElseThrow() : value);
            }
        });
        return present;
    }
}
