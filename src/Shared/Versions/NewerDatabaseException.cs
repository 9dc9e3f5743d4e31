namespace SessionReplay.Versions;

/// <summary>A newer version of SessionReplay has changed a database, so this version cannot use it.</summary>
/// <param name="database">Names the database: its file, or its schema.</param>
/// <param name="found">The version of its schema.</param>
/// <param name="known">The newest version that this process knows.</param>
internal sealed class NewerDatabaseException(string database, int found, int known) : IOException(
    $"{database} was written by a newer version (schema {found}, this one knows {known}). Install the newer version of SessionReplay, "
    + "or stop all processes and restore the backup from before the upgrade.");
