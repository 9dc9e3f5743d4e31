namespace SessionReplay;

/// <summary>The media types an asset may have (docs/format/v1.md, section 5).</summary>
public enum AssetMediaType : byte
{
    /// <summary><c>text/css</c>.</summary>
    Css = 1,

    /// <summary><c>image/png</c>.</summary>
    Png = 2,

    /// <summary><c>image/jpeg</c>.</summary>
    Jpeg = 3,

    /// <summary><c>image/gif</c>.</summary>
    Gif = 4,

    /// <summary><c>image/webp</c>.</summary>
    Webp = 5,

    /// <summary><c>image/svg+xml</c>.</summary>
    Svg = 6,

    /// <summary><c>font/woff2</c>.</summary>
    Woff2 = 7,

    /// <summary><c>font/woff</c>.</summary>
    Woff = 8,
}
