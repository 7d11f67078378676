package io.j8s.apiserver.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.OptionalType;
import dev.cel.runtime.CelEvaluationException;
import io.j8s.model.schema.FieldPaths;
import io.j8s.model.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Compiles the rules of one node of a schema, with `self` and `oldSelf` of the type that the schema declares.
public final class RuleCompiler {

    private static final String SELF = "self";
    private static final String OLD = "oldSelf";
    /// What upstream's compiler does not tell.
    private static final Pattern CANDIDATES = Pattern.compile(" \\(candidates: [^\n]*\\)(?=\n|$)");

    private final Schema schema;
    private final Declared declared;
    private @Nullable Cel plain;
    private @Nullable Cel optional;

    private RuleCompiler(Schema schema, Declared declared) {
        this.schema = schema;
        this.declared = declared;
    }

    /// The rules of a node, compiled; empty when it has none.
    ///
    /// @param resource whether the node is an object with names and a kind
    public static List<CompiledRule> compile(Schema schema, boolean resource) {
        if (schema.rules().isEmpty()) {
            return List.of();
        }
        List<SchemaRule> rules = schema.rules().stream().map(SchemaRule::of).toList();
        Declared declared = Declared.of(schema, Declared.ROOT, resource);
        if (declared == null) {
            return rules.stream().map(rule -> CompiledRule.failed(rule, "the schema declares no type that rules could be about")).toList();
        }
        RuleCompiler compiler = new RuleCompiler(schema, declared);
        List<CompiledRule> compiled = new ArrayList<>();
        rules.forEach(rule -> compiled.add(compiler.compile(rule)));
        return compiled;
    }

    /// Whether rules can be about values of a schema.
    public static boolean knows(Schema schema, boolean resource) {
        return Declared.of(schema, Declared.ROOT, resource) != null;
    }

    /// How often a value of a schema can be in one object, when nothing else bounds it.
    public static long mostTimes(Schema schema, boolean resource) {
        Declared declared = Declared.of(schema, Declared.ROOT, resource);
        return declared == null ? 1 : declared.mostTimes();
    }

    private CompiledRule compile(SchemaRule rule) {
        if (rule.rule().isBlank()) {
            return new CompiledRule(rule, "", null, false, 0, "", null, 0, "");
        }
        try {
            Cel cel = environment(rule.takesNoOldSelf());
            CelAbstractSyntaxTree tree = tree(cel, rule.rule(), "compilation failed: ");
            if (tree.getResultType().kind() != CelKind.BOOL) {
                return CompiledRule.failed(rule, "cel expression must evaluate to a bool");
            }
            boolean usesOld = tree.getReferenceMap().values().stream().anyMatch(reference -> reference.name().equals(OLD));
            return withMessage(rule, cel, new MeteredExpression(tree, cel.createProgram(tree)), usesOld, CostEstimator.most(tree, declared));
        } catch (CelException e) {
            return CompiledRule.failed(rule, e.why());
        } catch (CelEvaluationException e) {
            return CompiledRule.failed(rule, "program instantiation failed: " + e.getMessage());
        }
    }

    private CompiledRule withMessage(SchemaRule rule, Cel cel, MeteredExpression expression, boolean usesOld, long cost) {
        String error = "";
        MeteredExpression message = null;
        long messageCost = 0;
        if (!rule.messageExpression().isEmpty()) {
            try {
                CelAbstractSyntaxTree tree = tree(cel, rule.messageExpression(), "messageExpression compilation failed: ");
                if (tree.getResultType().kind() == CelKind.STRING) {
                    message = new MeteredExpression(tree, cel.createProgram(tree));
                    messageCost = CostEstimator.most(tree, declared);
                } else {
                    error = "messageExpression must evaluate to a string";
                }
            } catch (CelException e) {
                error = e.why();
            } catch (CelEvaluationException e) {
                error = "messageExpression instantiation failed: " + e.getMessage();
            }
        }
        return new CompiledRule(rule, "", expression, usesOld, cost, error, message, messageCost, field(rule));
    }

    private String field(SchemaRule rule) {
        if (rule.fieldPath().isEmpty()) {
            return "";
        }
        try {
            return FieldPaths.find(rule.fieldPath(), schema, true).text();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static CelAbstractSyntaxTree tree(Cel cel, String text, String prefix) throws CelException {
        try {
            CelValidationResult checked = cel.compile(text);
            if (checked.hasError()) {
                throw new CelException(prefix + withoutCandidates(checked.getErrorString()));
            }
            CelAbstractSyntaxTree tree = checked.getAst();
            LiteralChecks.check(tree, prefix);
            return tree;
        } catch (CelValidationException e) {
            throw new CelException(prefix + e.getMessage());
        }
    }

    private Cel environment(boolean oldIsOptional) {
        Cel known = oldIsOptional ? optional : plain;
        if (known != null) {
            return known;
        }
        Map<String, CelType> types = new HashMap<>();
        declared.collect(types);
        CelBuilder builder = CelEnvironment.typed(new Types(ImmutableMap.copyOf(types)));
        builder.addVar(SELF, declared.type());
        builder.addVar(OLD, oldIsOptional ? OptionalType.create(declared.type()) : declared.type());
        Cel made = builder.build();
        if (oldIsOptional) {
            optional = made;
        } else {
            plain = made;
        }
        return made;
    }

    private record Types(ImmutableMap<String, CelType> byName) implements CelTypeProvider {
        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.copyOf(byName.values());
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(byName.get(name));
        }
    }

    /// What a compiler says of an error, without the list of what would have fitted.
    static String withoutCandidates(String message) {
        return CANDIDATES.matcher(message).replaceAll("");
    }
}
