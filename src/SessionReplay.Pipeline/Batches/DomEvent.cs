using System.Text;
using SessionReplay.Format;

namespace SessionReplay.Pipeline.Batches;

/// <summary>What the facts need of one rrweb event. Numbers are -1 where the event has none; so are those of strings.</summary>
internal readonly struct DomEvent
{
    private const int FullSnapshot = 2;
    private const int Incremental = 3;
    private const int Meta = 4;
    private const int MouseInteraction = 2;
    private const int Click = 2;
    private const int Focus = 5;
    private const int Blur = 6;
    private const int MaxName = 1_024;

    public required long Time { get; init; }

    public required int Type { get; init; }

    public required int Source { get; init; }

    public required int Interaction { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int Href { get; init; }

    public required int Target { get; init; }

    public required int Label { get; init; }

    // Sources of rrweb that a visitor causes: mouse moves, interactions, scrolling, resizing, input, touches, media, dragging. Of the
    // interactions focus and blur are left out: they come without a visitor too.
    private bool IsByVisitor => Source is (>= 1 and <= 7 or 12) && !(Source == MouseInteraction && Interaction is Focus or Blur);

    /// <summary>Adds the event to the facts of its batch.</summary>
    public void Report(in DomBlock block, BatchFacts facts)
    {
        facts.BeginEvent();
        if (Type == FullSnapshot)
        {
            facts.HasFullSnapshot = true;
        }
        else if (Type == Incremental && IsByVisitor)
        {
            facts.Active();
            if (Source == MouseInteraction && Interaction == Click)
            {
                facts.Click(Name(block, Label), Name(block, Target));
            }
        }
        else if (Type == Meta)
        {
            facts.Meta(Href < 0 ? default : block.StringAt(Href), Width, Height);
        }

        facts.EndEvent(Time);
    }

    // The recorder gives none that is longer.
    private static string? Name(in DomBlock block, int text) =>
        text >= 0 && block.StringAt(text) is { Length: <= MaxName } name ? Encoding.UTF8.GetString(name) : null;
}
