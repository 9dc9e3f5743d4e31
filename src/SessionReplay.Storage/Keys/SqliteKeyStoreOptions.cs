using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.Keys;

/// <summary>Options of the embedded key store; section <c>SessionReplay:KeyStore:Sqlite</c>.</summary>
public sealed class SqliteKeyStoreOptions
{
    /// <summary>Gets or sets the file. Keep it apart from the recordings, and back it up: without it no recording can be read.</summary>
    /// <value>A path; a relative one begins at the content root of the application, not in the data directory. The default value is
    /// <c>keys/keys.db</c> in the data directory.</value>
    [Required(ErrorMessage = "{0} is empty: name the file that keeps the wrapped keys.")]
    public string Path { get; set; } = "keys.db";
}
