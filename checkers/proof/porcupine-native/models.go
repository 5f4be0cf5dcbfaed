package main

import (
	"hash/fnv"
	"sort"
	"strings"

	"github.com/anishathalye/porcupine"
)

// Models, by number; the same as in native-porcupine.test-support.ts.
const (
	modelRegister = 0
	modelKv       = 1
	modelSet      = 2
	modelQueue    = 3
)

var models = map[int32]porcupine.Model{
	modelRegister: byKey(porcupine.Model{
		Init: func() interface{} { return int32(0) },
		Step: func(state, asked, answered interface{}) (bool, interface{}) {
			return stepRegister(state.(int32), asked.(input), answered.(output))
		},
		Hash: func(state interface{}) uint64 { return uint64(state.(int32)) },
	}),
	modelKv:    byKey(ofText(stepKv)),
	modelSet:   byKey(ofText(stepSet)),
	modelQueue: byKey(ofText(stepQueue)),
}

// A register with value 0 for nothing: read, write, delete and compare-and-set.
func stepRegister(state int32, asked input, answered output) (bool, interface{}) {
	switch asked.f {
	case 0:
		return answered.outcome != outcomeOk || answered.value == state, state
	case 1:
		return true, asked.a
	case 2:
		return true, int32(0)
	default:
		matches := asked.a == state
		if answered.outcome == outcomeRefused || !matches {
			isLegal := answered.outcome == outcomeUnknown || (answered.outcome == outcomeRefused && !matches)
			return isLegal, state
		}
		return true, asked.b
	}
}

// Get, put and append of a text, which is empty at first.
func stepKv(state string, asked input, answered output) (bool, string) {
	switch asked.f {
	case 0:
		return answered.outcome != outcomeOk || answered.text == state, state
	case 1:
		return true, asked.text
	default:
		return true, state + asked.text
	}
}

// Reads of the whole set, add and remove. The state is what a read answers: the elements in order, each with a
// comma after it.
func stepSet(state string, asked input, answered output) (bool, string) {
	if asked.f == 0 {
		return answered.outcome != outcomeOk || answered.text == state, state
	}
	kept := []string{}
	for _, element := range strings.SplitAfter(state, ",") {
		if element != "" && element != asked.text {
			kept = append(kept, element)
		}
	}
	if asked.f == 1 {
		kept = append(kept, asked.text)
	}
	sort.Strings(kept)
	return true, strings.Join(kept, "")
}

// Dequeue, which answers "" where the queue is empty, and enqueue. The state is the elements, each with a comma
// after it, the oldest first.
func stepQueue(state string, asked input, answered output) (bool, string) {
	if asked.f == 1 {
		return true, state + asked.text
	}
	first := state[:strings.IndexByte(state, ',')+1]
	return answered.outcome != outcomeOk || answered.text == first, state[len(first):]
}

func ofText(step func(state string, asked input, answered output) (bool, string)) porcupine.Model {
	return porcupine.Model{
		Init: func() interface{} { return "" },
		Step: func(state, asked, answered interface{}) (bool, interface{}) {
			return step(state.(string), asked.(input), answered.(output))
		},
		Hash: func(state interface{}) uint64 {
			hash := fnv.New64a()
			hash.Write([]byte(state.(string)))
			return hash.Sum64()
		},
	}
}

func byKey(model porcupine.Model) porcupine.Model {
	model.Partition = func(history []porcupine.Operation) [][]porcupine.Operation {
		places := map[int32]int{}
		partitions := [][]porcupine.Operation{}
		for _, op := range history {
			key := op.Input.(input).key
			place, known := places[key]
			if !known {
				place = len(partitions)
				places[key] = place
				partitions = append(partitions, nil)
			}
			partitions[place] = append(partitions[place], op)
		}
		return partitions
	}
	return model
}
