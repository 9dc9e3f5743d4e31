using System.Buffers;
using SessionReplay.Format;
using SessionReplay.Pipeline.Sanitizing;

namespace SessionReplay.Pipeline.Batches;

/// <summary>
/// Goes once over the DOM events of a batch (docs/format/v1.md, section 2.4): every value is checked, every string is sanitized, and what
/// the facts need is read on the way.
/// </summary>
internal ref struct DomWalker
{
    private readonly DomStrings _strings;
    private readonly DomEventColumns _columns;
    private DomBlock _block;

    private DomWalker(DomBlock block, DomStrings strings)
    {
        _block = block;
        _strings = strings;
        _columns = new DomEventColumns(block);
    }

    /// <param name="bytes">The block; what must not be stored is overwritten.</param>
    /// <param name="maxEvents">How many events the batch may have.</param>
    /// <param name="pass">Sanitizes.</param>
    /// <param name="facts">Takes what is found.</param>
    /// <exception cref="FormatRejectedException">A rule is broken.</exception>
    public static void Walk(Span<byte> bytes, int maxEvents, SanitizePass pass, BatchFacts facts)
    {
        using var block = new DomBlock(bytes);
        facts.EventCount += block.EventCount;
        if (facts.EventCount > maxEvents)
        {
            throw new FormatRejectedException("B4", $"The batch has more than {maxEvents} events.");
        }

        using var strings = new DomStrings(block, pass);
        var events = ArrayPool<DomEvent>.Shared.Rent(block.EventCount);
        try
        {
            var walker = new DomWalker(block, strings);
            var read = events.AsSpan(0, block.EventCount);
            walker.Walk(read);
            strings.Sanitize(block);
            foreach (ref readonly var e in read)
            {
                e.Report(block, facts);
            }
        }
        finally
        {
            ArrayPool<DomEvent>.Shared.Return(events);
        }
    }

    private void Walk(Span<DomEvent> events)
    {
        foreach (ref var e in events)
        {
            var time = _block.NextEvent();
            if (_block.Read(_block.Root, out var shape) != DomValueKind.Object)
            {
                throw new FormatRejectedException("D6", "A DOM event is not an object.");
            }

            Object((int)shape, 1, isSecret: false);
            e = _columns.Read(_block, time);
        }

        _block.End();
    }

    private readonly DomValueKind Value(int column, int depth, bool isSecret)
    {
        var kind = _block.Read(column, out var value);
        switch (kind)
        {
            case DomValueKind.Object:
                Object((int)value, depth + 1, isSecret || _strings.IsSecret(column));
                break;
            case DomValueKind.Array:
                Array(column, value, depth + 1, isSecret || _strings.IsSecret(column));
                break;
            case DomValueKind.Number:
                _strings.Number((int)value, isSecret);
                break;
            case DomValueKind.String when isSecret:
                _strings.Secret((int)value);
                break;
            case DomValueKind.Integer when isSecret:
                _strings.EraseIntegers(column);
                break;
        }

        return kind;
    }

    private readonly void Array(int column, long count, int depth, bool isSecret)
    {
        CheckDepth(depth);
        var elements = _block.Columns[column].Elements;
        for (var i = 0L; i < count; i++)
        {
            Value(elements, depth, isSecret);
        }
    }

    private readonly void Object(int shape, int depth, bool isSecret)
    {
        CheckDepth(depth);
        var members = _block.Members(shape);
        if (_strings.HasPair(shape))
        {
            Pair(members, depth, isSecret);
            return;
        }

        foreach (var column in members)
        {
            Value(column, depth, isSecret);
        }
    }

    // Of an object such as {name, value} the value goes when the name is sensitive; either may be first. What is nested in a value goes
    // when its name is first.
    private readonly void Pair(ReadOnlySpan<int> members, int depth, bool isSecret)
    {
        var isSecretPair = false;
        var held = (Column: -1, Kind: DomValueKind.Null, Text: 0);
        foreach (var column in members)
        {
            var role = _strings.RoleOf(column);
            var kind = Value(column, depth, isSecret || (isSecretPair && role == MemberRole.PairValue));
            var text = _block.Columns[column].LastString;
            if (role == MemberRole.PairValue)
            {
                // Members that follow may have objects with values in the same column.
                held = IsHeld(kind, text) ? (column, kind, text) : held;
            }
            else if (kind == DomValueKind.String && _strings.IsSecretName(role, text, _block))
            {
                isSecretPair = true;
                Redact(held.Column, held.Kind, held.Text);
            }
        }
    }

    private readonly bool IsHeld(DomValueKind kind, int text) =>
        kind is DomValueKind.Integer or DomValueKind.Number || (kind == DomValueKind.String && !_block.StringAt(text).IsEmpty);

    private readonly void Redact(int column, DomValueKind kind, int text)
    {
        switch (kind)
        {
            case DomValueKind.Integer:
                _strings.EraseIntegers(column);
                break;
            case DomValueKind.String or DomValueKind.Number:
                _strings.Secret(text);
                break;
        }
    }

    private static void CheckDepth(int depth)
    {
        if (depth > DomBlock.MaxDepth)
        {
            throw new FormatRejectedException("D6", $"A DOM event nests deeper than {DomBlock.MaxDepth}.");
        }
    }
}
