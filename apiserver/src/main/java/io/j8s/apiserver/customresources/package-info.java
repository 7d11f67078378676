/// Custom resources: turns CustomResourceDefinitions into declarations like those of the built-in kinds, and serves them while they are established.
@NullMarked
package io.j8s.apiserver.customresources;

import org.jspecify.annotations.NullMarked;
