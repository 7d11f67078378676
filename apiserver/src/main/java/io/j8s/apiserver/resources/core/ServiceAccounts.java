package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.ServiceAccount;

/// `serviceaccounts`
final class ServiceAccounts {

    private ServiceAccounts() {}

    static Resource<ServiceAccount> resource() {
        return Resource.of(ServiceAccount.RESOURCE)
                .answersDeletionWithObject()
                .shortNames("sa")
                .prepareCreate((sent, context) -> withNamesOnly(sent))
                .prepareUpdate((sent, stored, context) -> withNamesOnly(sent))
                .nameColumn()
                .ageColumn()
                .build();
    }

    /// Secrets are referred to by their names; whatever else such a reference says is dropped.
    private static ServiceAccount withNamesOnly(ServiceAccount sent) {
        return sent.hasSecrets()
                ? sent.withSecrets(sent.secrets().stream().map(secret -> secret.hasName() ? ObjectReference.EMPTY.withName(secret.name()) : ObjectReference.EMPTY).toList())
                : sent;
    }
}
