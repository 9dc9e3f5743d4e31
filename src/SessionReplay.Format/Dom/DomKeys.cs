using System.Collections.Frozen;
using System.Text;

namespace SessionReplay.Format;

/// <summary>
/// The keys that DOM events use without writing them (docs/format/v1.md, section 2.4), numbered from 1. Number 0 is the element of an
/// array.
/// </summary>
public static class DomKeys
{
    /// <summary>The number of the key that stands for an element of an array, and of the context of the events themselves.</summary>
    public const int Element = 0;

    /// <summary>The kind of an event.</summary>
    public const int Type = 1;

    /// <summary>What an event consists of.</summary>
    public const int Data = 2;

    /// <summary>What caused a change.</summary>
    public const int Source = 3;

    /// <summary>The selector that the recorder adds to clicks, inputs and scrolls.</summary>
    public const int Target = 23;

    /// <summary>The text or label that the recorder adds to clicks, inputs and scrolls.</summary>
    public const int Label = 24;

    /// <summary>The address of a page or of a link.</summary>
    public const int Href = 25;

    /// <summary>A width in CSS pixels.</summary>
    public const int Width = 26;

    /// <summary>A height in CSS pixels.</summary>
    public const int Height = 27;

    private const string All = """
        type data source id node attributes childNodes tagName textContent parentId nextId value adds removes texts positions x
        y timeOffset text isChecked pointerType target label href width height initialOffset left top name publicId systemId
        rootId isSVG isShadow isShadowHost isCustom needBlock compatMode styleId styleIds styles rules rule index set remove
        property priority replace replaceSync ranges start startOffset end endOffset define tag payload open gone pseudo
        keyframes timing composite rate state time userTriggered currentTime volume muted loop playbackRate class style src alt
        title role rel for placeholder tabindex aria-label aria-hidden aria-expanded aria-controls content lang checked selected
        disabled hidden xmlns viewBox d fill stroke transform opacity _cssText rr_scrollTop rr_scrollLeft data-sr-box
        data-sr-why data-sr-masked data-sr-media data-sr-sheet
        """;

    private static readonly string[] Texts = ["", .. All.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
    private static readonly byte[][] Bytes = [.. Texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Gets the greatest number of a known key.</summary>
    public static int Count => Texts.Length - 1;

    /// <summary>Gets the numbers of the known keys.</summary>
    public static FrozenDictionary<string, int> Numbers { get; } = Texts.Index().Skip(1)
        .ToFrozenDictionary(key => key.Item, key => key.Index);

    /// <summary>Returns a known key in UTF-8.</summary>
    /// <param name="number">Its number, 1 to <see cref="Count"/>; 0 gives an empty text.</param>
    /// <returns>The key.</returns>
    public static ReadOnlySpan<byte> Utf8(int number) => Bytes[number];
}
