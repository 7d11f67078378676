package io.j8s.apiserver.resources.node;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.NodeLabelWarnings;
import io.j8s.apiserver.resources.core.PodSpecRules;
import io.j8s.apiserver.resources.core.ResourceNameRules;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Toleration;
import io.j8s.model.node.v1.RuntimeClass;
import java.util.ArrayList;
import java.util.List;

/// `runtimeclasses.node.k8s.io`
final class RuntimeClasses {

    private RuntimeClasses() {}

    static Resource<RuntimeClass> resource() {
        return Resource.of(RuntimeClass.RESOURCE)
                .createsOnUpdate()
                .updatesOnlyConditionally()
                .anyFinalizers()
                .rules(RuntimeClasses::rules)
                .updateRules((runtime, old, errors) -> errors.immutable(FieldPath.of("handler"), runtime.handler(), old.handler()))
                .warnings((runtime, old) -> warnings(runtime))
                .table(table -> table
                        .nameColumn()
                        .column("Handler", "string", "", (runtime, now) -> runtime.handler())
                        .ageColumn())
                .build();
    }

    private static void rules(RuntimeClass runtime, FieldErrors errors) {
        if (runtime.handler().isEmpty()) {
            errors.required(FieldPath.of("handler"));
        } else {
            Names.dnsLabel(runtime.handler()).forEach(problem -> errors.invalid(FieldPath.of("handler"), runtime.handler(), problem));
        }
        runtime.overhead().podFixed().forEach((name, amount) -> {
            FieldPath path = FieldPath.of("overhead").child("limits").key(name);
            ResourceNameRules.ofContainer(name, path, errors);
            ResourceNameRules.amount(name, amount, path, errors);
        });
        if (runtime.hasScheduling()) {
            SelectorRules.labels(runtime.scheduling().nodeSelector(), FieldPath.of("scheduling").child("nodeSelector"), errors);
            List<Toleration> tolerations = runtime.scheduling().tolerations();
            FieldPath path = FieldPath.of("scheduling").child("tolerations");
            PodSpecRules.tolerations(tolerations, path, errors);
            for (int i = 0; i < tolerations.size(); i++) {
                if (tolerations.subList(0, i).contains(tolerations.get(i))) {
                    errors.duplicate(path.index(i), tolerations.get(i));
                }
            }
        }
    }

    private static List<String> warnings(RuntimeClass runtime) {
        List<String> warnings = new ArrayList<>(0);
        for (String key : runtime.scheduling().nodeSelector().keySet()) {
            String text = NodeLabelWarnings.of(key);
            if (text != null) {
                warnings.add("scheduling.nodeSelector: " + text);
            }
        }
        return warnings;
    }
}
