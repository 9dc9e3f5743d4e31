namespace SessionReplay.Format;

/// <summary>A column of DOM events that is written.</summary>
internal sealed class DomColumnWriter(int index, int context, int key)
{
    private readonly BlockBytes _kinds = new();
    private readonly BlockBytes _data = new();
    private readonly Dictionary<(DomValueKind Kind, string Text), int> _places = [];
    private DomValueKind? _uniform;
    private long _last;

    public int Index => index;

    /// <summary>The context of what its objects and arrays contain.</summary>
    public int Inner => key == DomKeys.Element ? context : key;

    public List<string> Strings { get; } = [];

    public IEnumerable<byte> WrittenKinds => Kind == DomValueKind.Null ? _kinds.Written : [];

    public IEnumerable<byte> WrittenData => _data.Written;

    private DomValueKind Kind => _uniform ?? DomValueKind.Null;

    /// <summary>Adds a value that consists of its kind.</summary>
    public void Add(DomValueKind kind)
    {
        _uniform = (_uniform ?? kind) == kind && kind >= DomValueKind.Integer ? kind : DomValueKind.Null;
        _kinds.Byte((byte)kind);
    }

    public void Add(DomValueKind kind, long number)
    {
        Add(kind);
        _data.Number(number);
    }

    public void Add(long integer)
    {
        Add(DomValueKind.Integer);
        _data.Signed(integer - _last);
        _last = integer;
    }

    /// <summary>Adds a string, or the text of a number. A text that the column already has is referred to.</summary>
    public void Add(DomValueKind kind, string text)
    {
        if (_places.TryGetValue((kind, text), out var place))
        {
            Add(kind, place);
            return;
        }

        Add(kind, 0);
        Strings.Add(text);
        _places[(kind, text)] = Strings.Count;
    }

    public void Describe(BlockBytes head)
    {
        head.Number(context);
        head.Number(key);
        head.Number(Strings.Count);
        head.Number(_data.Written.Count);
        head.Number((long)Kind);
        if (Kind == DomValueKind.Null)
        {
            head.Number(_kinds.Written.Count);
        }
    }
}
