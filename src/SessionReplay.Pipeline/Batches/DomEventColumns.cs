using SessionReplay.Format;

namespace SessionReplay.Pipeline.Batches;

/// <summary>The columns of what the facts need of each DOM event; -1 where the block has none.</summary>
internal readonly struct DomEventColumns
{
    private readonly int _type;
    private readonly int _source;
    private readonly int _interaction;
    private readonly int _href;
    private readonly int _width;
    private readonly int _height;
    private readonly int _target;
    private readonly int _label;

    public DomEventColumns(in DomBlock block)
    {
        _type = Find(block, DomKeys.Element, DomKeys.Type);
        _source = Find(block, DomKeys.Data, DomKeys.Source);
        _interaction = Find(block, DomKeys.Data, DomKeys.Type);
        _href = Find(block, DomKeys.Data, DomKeys.Href);
        _width = Find(block, DomKeys.Data, DomKeys.Width);
        _height = Find(block, DomKeys.Data, DomKeys.Height);
        _target = Find(block, DomKeys.Data, DomKeys.Target);
        _label = Find(block, DomKeys.Data, DomKeys.Label);
    }

    /// <summary>Returns what the event consists of that was read last.</summary>
    public DomEvent Read(in DomBlock block, long time) => new()
    {
        Time = time,
        Type = Integer(block, _type),
        Source = Integer(block, _source),
        Interaction = Integer(block, _interaction),
        Width = Math.Max(0, Integer(block, _width)),
        Height = Math.Max(0, Integer(block, _height)),
        Href = String(block, _href),
        Target = String(block, _target),
        Label = String(block, _label),
    };

    private static int Find(in DomBlock block, int context, int key)
    {
        for (var i = 0; i < block.ColumnCount; i++)
        {
            if (block.Columns[i].Context == context && block.Columns[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }

    private static int Integer(in DomBlock block, int column) =>
        column >= 0 && block.Columns[column] is { LastKind: DomValueKind.Integer } c && c.LastEvent == block.Event
            ? (int)Math.Clamp(c.LastInteger, -1, int.MaxValue)
            : -1;

    private static int String(in DomBlock block, int column) =>
        column >= 0 && block.Columns[column] is { LastKind: DomValueKind.String } c && c.LastEvent == block.Event ? c.LastString : -1;
}
