using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Tells by its first bytes whether a content can be what its sender calls it. Else a text could be stored unsanitized as an image, and whoever knows a
/// site's stylesheets could have them stored as something that no page takes for one.
/// </summary>
internal static class AssetContent
{
    public static bool CanBe(AssetMediaType type, ReadOnlySpan<byte> content) => type switch
    {
        AssetMediaType.Css => Text(content) is not [(byte)'<', not (byte)'!', ..],
        AssetMediaType.Svg => Text(content) is [(byte)'<', ..],
        AssetMediaType.Woff or AssetMediaType.Woff2 => content.StartsWith("wOFF"u8) || content.StartsWith("wOF2"u8),
        _ => IsImage(content),
    };

    // Servers mix up the types of images, and browsers look at the content: any of them will do.
    private static bool IsImage(ReadOnlySpan<byte> content) =>
        content is [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] or [0xFF, 0xD8, 0xFF, ..]
        || content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8)
        || (content.StartsWith("RIFF"u8) && content.Length >= 12 && content[8..12].SequenceEqual("WEBP"u8));

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> content)
    {
        content = content.StartsWith("\uFEFF"u8) ? content[3..] : content;
        var start = content.IndexOfAnyExcept(" \t\r\n\f"u8);
        return start < 0 ? [] : content[start..];
    }
}
