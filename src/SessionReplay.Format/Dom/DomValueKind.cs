namespace SessionReplay.Format;

/// <summary>The kinds of values in a column of DOM events (docs/format/v1.md, section 2.4).</summary>
public enum DomValueKind : byte
{
    /// <summary>Null. As the kind of a column: each value says its own.</summary>
    Null = 0,

    /// <summary>True.</summary>
    True = 1,

    /// <summary>False.</summary>
    False = 2,

    /// <summary>An integer, as the difference to the one before it in its column.</summary>
    Integer = 3,

    /// <summary>Any other number, as a reference to its text.</summary>
    Number = 4,

    /// <summary>A reference to a string.</summary>
    String = 5,

    /// <summary>The number of an array's elements.</summary>
    Array = 6,

    /// <summary>The shape of an object.</summary>
    Object = 7,
}
