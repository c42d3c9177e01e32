/** The settings: config/*.yml, the configuration classes and docs/settings.md say the same. */
@NullMarked
package io.quikqueue.acceptance.settings;

import org.jspecify.annotations.NullMarked;
