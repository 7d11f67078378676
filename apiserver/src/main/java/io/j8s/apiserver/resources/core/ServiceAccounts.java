package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.ServiceAccount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `serviceaccounts`
final class ServiceAccounts {

    private static final String MOUNTABLE = "kubernetes.io/enforce-mountable-secrets";

    private ServiceAccounts() {}

    static Resource<ServiceAccount> resource() {
        return Resource.of(ServiceAccount.RESOURCE)
                .answersDeletionWithObject()
                .shortNames("sa")
                .prepareCreate((sent, context) -> withNamesOnly(sent))
                .prepareUpdate((sent, stored, context) -> withNamesOnly(sent))
                .warnings(ServiceAccounts::warnings)
                .table(table -> table
                        .nameColumn()
                        .ageColumn())
                .build();
    }

    private static List<String> warnings(ServiceAccount account, @Nullable ServiceAccount old) {
        boolean isNew = account.metadata().annotations().containsKey(MOUNTABLE) && (old == null || !old.metadata().annotations().containsKey(MOUNTABLE));
        return isNew ? List.of("metadata.annotations[" + MOUNTABLE + "]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets") : List.of();
    }

    /// Secrets are referred to by their names; whatever else such a reference says is dropped.
    private static ServiceAccount withNamesOnly(ServiceAccount sent) {
        return sent.hasSecrets()
                ? sent.withSecrets(sent.secrets().stream().map(secret -> secret.hasName() ? ObjectReference.EMPTY.withName(secret.name()) : ObjectReference.EMPTY).toList())
                : sent;
    }
}
