namespace SessionReplay.AspNetCore;

/// <summary>A write key: the public key with which pages send. It names the tenant; it is not a secret.</summary>
public sealed class WriteKeyOptions
{
    /// <summary>Gets or sets the key.</summary>
    /// <value>8 to 128 letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, different from all other keys.</value>
    public string Key { get; set; } = string.Empty;

    /// <summary>
    /// Gets the other origins whose pages may send with this key, for instance <c>https://shop.example</c>; <c>*</c> allows all.
    /// </summary>
    /// <value>Scheme, host and port without a path. The default value is empty: only pages of the application's own origin.</value>
    public IList<string> Origins { get; } = [];

    /// <summary>Gets or sets the settings of recorders with this key.</summary>
    public RecorderOptions Recorder { get; set; } = new();
}
