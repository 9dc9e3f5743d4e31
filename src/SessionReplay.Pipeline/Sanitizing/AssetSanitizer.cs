namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Takes secrets out of the assets that are text.</summary>
/// <param name="sanitizer">The rules.</param>
public sealed class AssetSanitizer(Sanitizer sanitizer)
{
    /// <summary>Sanitizes the content of an asset in place.</summary>
    /// <param name="content">The content: valid UTF-8 if its type is text.</param>
    /// <param name="type">Its type. Images that are not SVG, and fonts, are not changed.</param>
    /// <returns>Whether something was overwritten.</returns>
    /// <exception cref="SanitizingFailedException">A sanitizing rule of the application failed.</exception>
    public bool Sanitize(Span<byte> content, AssetMediaType type)
    {
        if (type is not (AssetMediaType.Css or AssetMediaType.Svg))
        {
            return false;
        }

        var pass = sanitizer.Begin(content);
        if (type == AssetMediaType.Css)
        {
            pass.Css(content);
        }
        else
        {
            pass.Text(content);
        }

        return pass.Changed;
    }
}
