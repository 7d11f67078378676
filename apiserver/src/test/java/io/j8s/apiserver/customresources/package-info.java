@NullMarked
package io.j8s.apiserver.customresources;

import org.jspecify.annotations.NullMarked;
