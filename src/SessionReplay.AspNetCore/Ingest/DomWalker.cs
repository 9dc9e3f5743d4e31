using System.Buffers.Text;
using System.Text.Json;
using SessionReplay.AspNetCore.Sanitizing;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Goes over the JSON of one rrweb event: it is checked and sanitized whole, and what the facts need is read on the way.</summary>
internal static class DomWalker
{
    private const int FullSnapshot = 2;
    private const int Incremental = 3;
    private const int Meta = 4;
    private const int MouseInteraction = 2;
    private const int Click = 2;
    private const int Focus = 5;
    private const int Blur = 6;
    private const int MaxName = 1_024;

    // Sources of rrweb that a visitor causes: mouse moves, interactions, scrolling, resizing, input, touches, media, dragging. Of the interactions
    // focus and blur are left out: they come without a visitor too.
    private static readonly int[] VisitorSources = [1, 2, 3, 4, 5, 6, 7, 12];

    private enum Member
    {
        Other,
        Type,
        Data,
        Source,
        Href,
        Width,
        Height,
        Target,
        Label,
    }

    public static void Walk(Span<byte> json, int maxDepth, SanitizePass pass, BatchFacts facts)
    {
        var reader = new JsonSanitizer(json, maxDepth, pass);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        var top = Member.Other;
        var inner = Member.Other;
        var (type, source, interaction, width, height) = (-1, -1, -1, 0, 0);
        ReadOnlySpan<byte> href = [];
        string? target = null;
        string? label = null;
        while (reader.Read())
        {
            var depth = reader.Depth;
            if (depth > 2)
            {
                continue;
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                if (depth == 1)
                {
                    top = Top(reader.Value);
                    inner = Member.Other;
                }
                else
                {
                    inner = top == Member.Data ? Inner(reader.Value) : Member.Other;
                }
            }
            else if (reader.TokenType == JsonTokenType.Number)
            {
                switch (depth, depth == 1 ? top : inner)
                {
                    case (1, Member.Type):
                        type = Number(reader.Value);
                        break;
                    case (2, Member.Type):
                        interaction = Number(reader.Value);
                        break;
                    case (2, Member.Source):
                        source = Number(reader.Value);
                        break;
                    case (2, Member.Width):
                        width = Number(reader.Value);
                        break;
                    case (2, Member.Height):
                        height = Number(reader.Value);
                        break;
                }
            }
            else if (reader.TokenType == JsonTokenType.String && depth == 2)
            {
                switch (inner)
                {
                    case Member.Href when !reader.IsEscaped:
                        href = reader.Value;
                        break;
                    case Member.Target:
                        target = Text(reader.Value);
                        break;
                    case Member.Label:
                        label = Text(reader.Value);
                        break;
                }
            }
        }

        if (type == FullSnapshot)
        {
            facts.HasFullSnapshot = true;
        }
        else if (type == Incremental && VisitorSources.Contains(source) && !(source == MouseInteraction && interaction is (Focus or Blur)))
        {
            facts.Active();
            if (source == MouseInteraction && interaction == Click)
            {
                facts.Click(label, target);
            }
        }
        else if (type == Meta)
        {
            facts.Meta(href, width, height);
        }
    }

    private static Member Top(ReadOnlySpan<byte> name) => name.Length != 4 ? Member.Other
        : name.SequenceEqual("type"u8) ? Member.Type
        : name.SequenceEqual("data"u8) ? Member.Data
        : Member.Other;

    private static Member Inner(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("type"u8) => Member.Type,
        4 when name.SequenceEqual("href"u8) => Member.Href,
        5 when name.SequenceEqual("label"u8) => Member.Label,
        5 when name.SequenceEqual("width"u8) => Member.Width,
        6 when name.SequenceEqual("source"u8) => Member.Source,
        6 when name.SequenceEqual("target"u8) => Member.Target,
        6 when name.SequenceEqual("height"u8) => Member.Height,
        _ => Member.Other,
    };

    /// <summary>A name that the recorder has given; longer ones are none of its.</summary>
    private static string? Text(ReadOnlySpan<byte> escaped)
    {
        if (escaped.Length > MaxName)
        {
            return null;
        }

        Span<byte> quoted = stackalloc byte[MaxName + 2];
        quoted[0] = quoted[escaped.Length + 1] = (byte)'"';
        escaped.CopyTo(quoted[1..]);
        var reader = new Utf8JsonReader(quoted[..(escaped.Length + 2)]);
        return reader.Read() ? reader.GetString() : null;
    }

    private static int Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out int value, out var read) && read == text.Length ? value : 0;
}
