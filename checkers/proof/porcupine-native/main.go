// Judges histories with porcupine, so that Recount's own judges can be held against it.
//
// Standard input is a sequence of histories in 32-bit little-endian words: model, time limit in milliseconds
// (0: none), how often to judge, number of operations, number of texts; eight words for each operation (see
// operation); then each text as its length in bytes and its bytes. Standard output has one line of JSON for each.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/anishathalye/porcupine"
)

// What an operation does and answered; the number is the same as in native-porcupine.test-support.ts.
type operation struct {
	Key, F, A, B, Call, Return, Outcome, Result int32
}

// What the model is told of an operation. Values of the register are numbers, all others are texts.
type input struct {
	key, f, a, b int32
	text         string
}

type output struct {
	outcome, value int32
	text           string
}

// Outcomes.
const (
	outcomeOk      = 0
	outcomeRefused = 1
	outcomeUnknown = 2
)

type request struct {
	Model, TimeoutMs, Repeats, Operations, Texts int32
}

type reply struct {
	Verdict string `json:"verdict"`
	// One figure for each time that it was judged, sorting and partitioning included.
	Nanoseconds []int64 `json:"ns"`
	// What the last of them allocated in all.
	Bytes uint64 `json:"bytes"`
}

func main() {
	if err := serve(bufio.NewReaderSize(os.Stdin, 1<<20), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	buffered := bufio.NewWriter(out)
	defer buffered.Flush()
	replies := json.NewEncoder(buffered)
	for {
		var asked request
		if err := binary.Read(in, binary.LittleEndian, &asked); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		history, err := readHistory(in, asked)
		if err != nil {
			return err
		}
		answer, err := judge(asked, history)
		if err != nil {
			return err
		}
		if err := replies.Encode(answer); err != nil {
			return err
		}
	}
}

func readHistory(in io.Reader, asked request) ([]porcupine.Operation, error) {
	words := make([]byte, 32*int(asked.Operations))
	if _, err := io.ReadFull(in, words); err != nil {
		return nil, err
	}
	texts := make([]string, asked.Texts)
	for at := range texts {
		var length int32
		if err := binary.Read(in, binary.LittleEndian, &length); err != nil {
			return nil, err
		}
		text := make([]byte, length)
		if _, err := io.ReadFull(in, text); err != nil {
			return nil, err
		}
		texts[at] = string(text)
	}
	history := make([]porcupine.Operation, asked.Operations)
	for at := range history {
		history[at] = operationFrom(words[32*at:], asked.Model, texts)
	}
	return history, nil
}

func operationFrom(words []byte, model int32, texts []string) porcupine.Operation {
	word := func(at int) int32 { return int32(binary.LittleEndian.Uint32(words[4*at:])) }
	op := operation{word(0), word(1), word(2), word(3), word(4), word(5), word(6), word(7)}
	asked := input{key: op.Key, f: op.F, a: op.A, b: op.B}
	answered := output{outcome: op.Outcome, value: op.Result}
	if model != modelRegister {
		asked.text = texts[op.A]
		answered.text = texts[op.Result]
	}
	return porcupine.Operation{Input: asked, Output: answered, Call: int64(op.Call), Return: int64(op.Return)}
}

func judge(asked request, history []porcupine.Operation) (reply, error) {
	model, known := models[asked.Model]
	if !known {
		return reply{}, fmt.Errorf("there is no model %d", asked.Model)
	}
	limit := time.Duration(asked.TimeoutMs) * time.Millisecond
	answer := reply{}
	for round := int32(0); round < asked.Repeats; round++ {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		began := time.Now()
		answer.Verdict = string(porcupine.CheckOperationsTimeout(model, history, limit))
		answer.Nanoseconds = append(answer.Nanoseconds, time.Since(began).Nanoseconds())
		runtime.ReadMemStats(&after)
		answer.Bytes = after.TotalAlloc - before.TotalAlloc
		if answer.Verdict == string(porcupine.Unknown) {
			break
		}
	}
	return answer, nil
}
