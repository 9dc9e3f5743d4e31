using System.Collections.Frozen;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Decides whether a name belongs to a secret: by its words, or because the application names it. Case and separators do not matter.
/// </summary>
internal sealed class NameMatcher(NameSet configured)
{
    /// <summary>Whether the value of a name is a secret.</summary>
    public bool IsSecret(ReadOnlySpan<byte> name) =>
        configured.Contains(name) || HasSecretWords(name.Length > NameWords.MaxLength ? name[^NameWords.MaxLength..] : name);

    private static bool HasSecretWords(ReadOnlySpan<byte> name)
    {
        Span<char> joined = stackalloc char[NameWords.MaxLength];
        Span<int> starts = stackalloc int[25];
        var words = new NameWords(name, joined, starts);
        if (words.Count == 0)
        {
            return false;
        }

        if (Contains(SecretNames.Whole, words.Joined))
        {
            return true;
        }

        // data-val-creditcard holds the message that ASP.NET Core MVC shows for a value that is not valid.
        if (Contains(SecretNames.InnocentLast, words[words.Count - 1]) || Contains(SecretNames.InnocentFirst, words[0])
            || words.Joined.StartsWith("dataval"))
        {
            return false;
        }

        for (var i = 0; i < words.Count; i++)
        {
            if (IsSecretWord(words[i]) || BeginsWithPhrase(words.From(i), words.Count > 1))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSecretWord(ReadOnlySpan<char> word)
    {
        if (Contains(SecretNames.Words, word))
        {
            return true;
        }

        foreach (var ending in SecretNames.Endings)
        {
            if (word.EndsWith(ending))
            {
                return true;
            }
        }

        foreach (var stem in SecretNames.Anywhere)
        {
            if (word.IndexOf(stem) is >= 0 and var at)
            {
                // passwordlength: what follows is a word of its own.
                return !Contains(SecretNames.InnocentLast, word[(at + stem.Length)..]);
            }
        }

        return false;
    }

    // The attribute accesskey is one word, and a key on the keyboard.
    private static bool BeginsWithPhrase(ReadOnlySpan<char> words, bool hasBorders)
    {
        foreach (var phrase in SecretNames.Phrases)
        {
            if (words.StartsWith(phrase) && (hasBorders || phrase is not "accesskey"))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(FrozenSet<string> set, ReadOnlySpan<char> word) =>
        set.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}
