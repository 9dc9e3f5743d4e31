
namespace SessionReplay.Format;

/// <summary>
/// Finds out by a content alone what it is. Else a text could be stored unsanitized as an image, and whoever has a site's file could have
/// it stored first as something that no page takes for one.
/// </summary>
public static class AssetContent
{
    /// <returns>The type; <see langword="null"/> when it is none that is stored.</returns>
    public static AssetMediaType? TypeOf(ReadOnlySpan<byte> content) => content switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => AssetMediaType.Png,
        [0xFF, 0xD8, 0xFF, ..] => AssetMediaType.Jpeg,
        _ when content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8) => AssetMediaType.Gif,
        _ when content.StartsWith("RIFF"u8) && content.Length >= 12 && content[8..12].SequenceEqual("WEBP"u8) => AssetMediaType.Webp,
        _ when content.StartsWith("wOFF"u8) => AssetMediaType.Woff,
        _ when content.StartsWith("wOF2"u8) => AssetMediaType.Woff2,
        _ => TypeOfText(Text(content)),
    };

    /// <summary>
    /// Servers mix up the types of images and of fonts, and browsers look at the content: what a sender calls it only has to be of the same
    /// kind.
    /// </summary>
    public static bool IsAlike(AssetMediaType one, AssetMediaType other) => Kind(one) == Kind(other);

    /// <summary>A stylesheet may begin as a comment of HTML does, and so may a picture in XML.</summary>
    private static AssetMediaType? TypeOfText(ReadOnlySpan<byte> text) =>
        text is not [(byte)'<', ..] ? AssetMediaType.Css
        : text.IndexOf("<svg"u8) >= 0 ? AssetMediaType.Svg
        : text.StartsWith("<!--"u8) ? AssetMediaType.Css
        : null;

    private static int Kind(AssetMediaType type) => type switch
    {
        AssetMediaType.Css => 0,
        AssetMediaType.Svg => 1,
        AssetMediaType.Woff or AssetMediaType.Woff2 => 2,
        _ => 3,
    };

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> content)
    {
        content = content.StartsWith("\uFEFF"u8) ? content[3..] : content;
        var start = content.IndexOfAnyExcept(" \t\r\n\f"u8);
        return start < 0 ? [] : content[start..];
    }
}
