using System.Text;
using System.Text.Json;

namespace SessionReplay.Format;

/// <summary>Writes DOM events, given as JSON, as columns (docs/format/v1.md, section 2.4).</summary>
public sealed class DomBlockWriter
{
    private readonly List<long> _times = [];
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<string> _keys = [];
    private readonly List<DomColumnWriter> _columns = [];
    private readonly Dictionary<(int Context, int Key), DomColumnWriter> _byName = [];
    private readonly List<int[]> _shapes = [];
    private readonly Dictionary<string, int> _shapeNumbers = [];

    /// <summary>Adds an event.</summary>
    /// <param name="time">When it happened, in ms since the Unix epoch, 1 to 2^53 − 1.</param>
    /// <param name="json">The event, a JSON object. Its member <c>timestamp</c> is left out.</param>
    /// <exception cref="JsonException">It is not JSON, or nests deeper than 512.</exception>
    public void Add(long time, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DomBlock.MaxDepth });
        Object(Column(DomKeys.Element, DomKeys.Element), document.RootElement, without: "timestamp");
        _times.Add(time);
    }

    /// <summary>Returns the block.</summary>
    /// <returns>Its bytes.</returns>
    public byte[] ToArray()
    {
        var head = new BlockBytes();
        head.Number(_times.Count);
        var last = 0L;
        foreach (var time in _times)
        {
            head.Signed(time - last);
            last = time;
        }

        head.Number(_keys.Count);
        head.Number(_columns.Count);
        head.Number(_shapes.Count);
        _columns.ForEach(column => column.Describe(head));
        foreach (var shape in _shapes)
        {
            head.Number(shape.Length);
            Array.ForEach(shape, column => head.Number(column));
        }

        byte[][] texts = [.. _keys.Concat(_columns.SelectMany(column => column.Strings)).Select(Encoding.UTF8.GetBytes)];
        var lengths = new BlockBytes();
        Array.ForEach(texts, text => lengths.Number(text.Length));

        // No lone surrogates: JSON as bytes has none.
        return
        [
            .. head.Written, .. _columns.SelectMany(column => column.WrittenKinds), .. _columns.SelectMany(column => column.WrittenData),
            .. lengths.Written, .. texts.SelectMany(text => text), 0,
        ];
    }

    private void Value(DomColumnWriter column, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Object(column, value);
                break;
            case JsonValueKind.Array:
                column.Add(DomValueKind.Array, value.GetArrayLength());
                foreach (var element in value.EnumerateArray())
                {
                    Value(Column(column.Inner, DomKeys.Element), element);
                }

                break;
            case JsonValueKind.String:
                column.Add(DomValueKind.String, value.GetString()!);
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var integer) && DomBlock.IsInteger(integer):
                column.Add(integer);
                break;
            case JsonValueKind.Number:
                column.Add(DomValueKind.Number, value.GetRawText());
                break;
            default:
                column.Add(value.ValueKind switch
                {
                    JsonValueKind.True => DomValueKind.True,
                    JsonValueKind.False => DomValueKind.False,
                    _ => DomValueKind.Null,
                });
                break;
        }
    }

    private void Object(DomColumnWriter column, JsonElement value, string? without = null)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("A DOM event is not an object.");
        }

        // Of equal names the last counts, as for JSON.parse.
        var members = new OrderedDictionary<string, JsonElement>();
        foreach (var member in value.EnumerateObject().Where(member => member.Name != without))
        {
            members[member.Name] = member.Value;
        }

        int[] shape = [.. members.Keys.Select(name => Column(column.Inner, Key(name)).Index)];
        column.Add(DomValueKind.Object, Shape(shape));
        foreach (var (index, (_, member)) in members.Index())
        {
            Value(_columns[shape[index]], member);
        }
    }

    private int Shape(int[] columns)
    {
        var name = string.Join(' ', columns);
        if (!_shapeNumbers.TryGetValue(name, out var number))
        {
            _shapeNumbers[name] = number = _shapes.Count;
            _shapes.Add(columns);
        }

        return number;
    }

    private DomColumnWriter Column(int context, int key)
    {
        if (!_byName.TryGetValue((context, key), out var column))
        {
            _byName[(context, key)] = column = new DomColumnWriter(_columns.Count, context, key);
            _columns.Add(column);
        }

        return column;
    }

    private int Key(string name)
    {
        if (DomKeys.Numbers.TryGetValue(name, out var known) || _numbers.TryGetValue(name, out known))
        {
            return known;
        }

        _keys.Add(name);
        return _numbers[name] = DomKeys.Count + _keys.Count;
    }
}
