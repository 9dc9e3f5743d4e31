namespace SessionReplay.AspNetCore.RecorderScript;

/// <summary>One of the recorder's scripts.</summary>
/// <param name="Content">UTF-8.</param>
/// <param name="Compressed">The same as a gzip member.</param>
/// <param name="Hash">The SHA-256 of the content in hex.</param>
internal sealed record RecorderScriptFile(byte[] Content, byte[] Compressed, string Hash);
