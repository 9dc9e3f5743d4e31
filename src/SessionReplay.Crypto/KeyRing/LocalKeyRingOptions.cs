using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Crypto.KeyRing;

/// <summary>Options of the local key ring; section <c>SessionReplay:KeyManagement:Local</c>.</summary>
public sealed class LocalKeyRingOptions
{
    /// <summary>
    /// Gets or sets the file that holds the key-encryption keys. It is created with mode 0600 when the key store is still empty. Keep it
    /// apart from the recordings, and back it up: without it no recording can be read.
    /// </summary>
    /// <value>A path; a relative one begins at the content root of the application, not in the data directory. The default value is
    /// <c>keys/key-ring.json</c> in the data directory.</value>
    [Required(ErrorMessage = "{0} is empty: name the file that holds the key-encryption keys.")]
    public string Path { get; set; } = "key-ring.json";
}
