namespace SessionReplay.Format;

/// <summary>Where a column of DOM events is, and how far it has been read.</summary>
public struct DomColumn
{
    /// <summary>The number of the key under which its objects are, or <see cref="DomKeys.Element"/> for the events themselves.</summary>
    public int Context { get; internal set; }

    /// <summary>The number of its key, or <see cref="DomKeys.Element"/> when its values are elements of arrays.</summary>
    public int Key { get; internal set; }

    /// <summary>The number of the column with the elements of its arrays, or -1.</summary>
    public int Elements { get; internal set; }

    /// <summary>The number of its first string among all strings of the block.</summary>
    public int FirstString { get; internal set; }

    /// <summary>How many strings it has.</summary>
    public int StringCount { get; internal set; }

    /// <summary>The string that was read last, as a number among all strings of the block.</summary>
    public int LastString { get; internal set; }

    /// <summary>The integer that was read last.</summary>
    public long LastInteger { get; internal set; }

    /// <summary>The number of the event in which it was read last, from 1.</summary>
    public int LastEvent { get; internal set; }

    /// <summary>The kind of the value that was read last.</summary>
    public DomValueKind LastKind { get; internal set; }

    internal DomValueKind Uniform { get; set; }

    internal int KindAt { get; set; }

    internal int KindEnd { get; set; }

    internal int KindCount { get; set; }

    internal int DataStart { get; set; }

    internal int DataAt { get; set; }

    internal int DataEnd { get; set; }

    internal int Introduced { get; set; }

    /// <summary>The context of what its objects and arrays contain.</summary>
    public readonly int Inner => Key == DomKeys.Element ? Context : Key;
}
