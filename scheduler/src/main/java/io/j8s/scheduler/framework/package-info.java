/// The scheduling framework (KEP-624): the points at which plugins take part in placing a pod.
///
/// A plugin is asked once for each pod and answers with what it has to say about nodes: a [NodeFilter], a [NodeScore], or null when this pod is nothing to it. That is where
/// upstream's PreFilter and PreScore went: what can be worked out once is worked out there, and a plugin without a say costs nothing for each node.
@NullMarked
package io.j8s.scheduler.framework;

import org.jspecify.annotations.NullMarked;
