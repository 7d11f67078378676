/// kubeconfig files by client-go's rules: which files count, how they merge, who may write and how; and what they say about reaching a cluster, credential plugins and pods' own
/// credentials included.
@NullMarked
package io.j8s.client.kubeconfig;

import org.jspecify.annotations.NullMarked;
